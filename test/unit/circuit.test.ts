import { CLOSED, type Circuit, type Sign, after, coolDownMs } from '../../src/worker/circuits/circuit.js';

const T0 = Date.parse('2030-01-01T00:00:00Z');
const policy = { failures: 3, coolDownSeconds: 60 };
const probe = { jobId: 'probe', attempt: 2 };
const other = { jobId: 'other', attempt: 2 };

const at = (seconds: number) => new Date(T0 + seconds * 1_000);
const run = (signs: readonly Sign[], from: Circuit = CLOSED, attempt = other) =>
  signs.reduce((circuit, sign, second) => after(sign, attempt, circuit, policy, at(second)), from);
const opened = run(['failure', 'failure', 'failure']);
const halfOpen: Circuit = { ...opened, state: 'half_open', probe };

describe('a circuit', () => {
  test('opens for the cool-down after so many failures in a row', () => {
    expect(run(['failure', 'failure'])).toEqual({ ...CLOSED, failures: 2 });
    expect(opened).toEqual({
      state: 'open',
      failures: 3,
      openings: 1,
      openedAt: at(2),
      until: at(62),
      probe: null,
    });
  });

  test('counts from the last success on, and what says nothing neither way', () => {
    expect(run(['failure', 'failure', 'success'])).toEqual(CLOSED);
    expect(run(['failure', 'failure', 'success', 'failure', 'failure']).state).toBe('closed');
    expect(run(['failure', undefined, 'failure', undefined, 'failure']).state).toBe('open');
  });

  test('stays as it is, itself, where nothing changes', () => {
    expect(after('success', other, CLOSED, policy, at(0))).toBe(CLOSED);
    expect(after(undefined, other, CLOSED, policy, at(0))).toBe(CLOSED);
  });

  test.each<Sign>(['success', 'failure', undefined])(
    'heeds only the probe once it has opened: %s',
    (sign) => {
      for (const attempt of [other, { ...probe, attempt: 1 }]) {
        expect(after(sign, attempt, opened, policy, at(99))).toBe(opened);
        expect(after(sign, attempt, halfOpen, policy, at(99))).toBe(halfOpen);
      }
      expect(after(sign, probe, opened, policy, at(99))).toBe(opened);
    },
  );

  test('closes when its probe succeeds', () => {
    expect(run(['success'], halfOpen, probe)).toEqual(CLOSED);
  });

  test('opens again when its probe fails, for twice as long', () => {
    expect(after('failure', probe, halfOpen, policy, at(70))).toEqual({
      ...opened,
      failures: 4,
      openings: 2,
      until: at(70 + 120),
    });
  });

  test('lets another be the probe at once when one has said nothing', () => {
    expect(after(undefined, probe, halfOpen, policy, at(70))).toEqual({ ...opened, state: 'open' });
  });

  test('opens at the first failure when told to', () => {
    expect(after('failure', other, CLOSED, { ...policy, failures: 1 }, at(0)).state).toBe('open');
  });

  test('opens at the next failure when its type has come to allow fewer than there were', () => {
    const failing = { ...CLOSED, failures: 9 };
    expect(after('failure', other, failing, policy, at(0))).toMatchObject({ state: 'open', failures: 10 });
  });

  test('cools down for up to ten times as long', () => {
    expect([0, 1, 2, 3, 4, 5, 2_000].map((openings) => coolDownMs(policy, openings) / 60_000)).toEqual([
      1, 2, 4, 8, 10, 10, 10,
    ]);
    expect(coolDownMs({ failures: 1, coolDownSeconds: 0.1 }, 0)).toBe(100);
  });
});
