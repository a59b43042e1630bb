import { describe, expect, test } from '@jest/globals';
import { occurrenceId } from '../../src/schedules/ticker/occurrence-id.js';
import { type DueSchedule, planFor, planSome } from '../../src/schedules/ticker/plan.js';
import { shareOf } from '../../src/schedules/ticker/share.js';

const NOW = new Date('2026-02-01T12:00:30.500Z');

const due = (more: Partial<DueSchedule>): DueSchedule => ({
  id: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  name: 'a',
  cron: '* * * * *',
  rrule: null,
  dtstart: null,
  timezone: 'UTC',
  missed: 'skip',
  targetKind: 'job',
  target: {},
  nextRunAt: new Date('2026-02-01T12:00:00Z'),
  dueAt: more.nextRunAt ?? new Date('2026-02-01T12:00:00Z'),
  now: NOW,
  ...more,
});

const rule = (rrule: string) => ({ cron: null, rrule, dtstart: '20260101T000000' });
const at = (time: string) => new Date(`2026-02-01T${time}Z`);

describe('many schedules that are due', () => {
  const many = Array.from({ length: 50 }, () => due({}));

  test('are planned at once when that takes no time', () => {
    expect(planSome(many, () => 0)).toHaveLength(50);
  });

  test.each([
    [40, 3],
    [99, 2],
    [1_000, 1],
  ])('that take %d ms each stop their worker for no longer than one of them', (ms, planned) => {
    let now = 0;
    const clock = () => (now += ms) - ms;
    expect(planSome(many, clock)).toHaveLength(planned);
  });
});

describe('a schedule that is due', () => {
  test('fires up to a minute late, and goes on with the occurrence after', () => {
    for (const missed of ['skip', 'once'] as const) {
      const plan = planFor(due({ missed, nextRunAt: at('12:00:00'), now: at('12:01:00') }));
      expect(plan).toMatchObject({ occurrence: at('12:00:00'), madeUp: false, next: at('12:01:00') });
    }
  });

  test('is not missed when it was tried a moment ago, for an hour', () => {
    for (const missed of ['skip', 'once'] as const) {
      const tried = { missed, nextRunAt: at('11:30:00') };
      expect(planFor(due({ ...tried, dueAt: at('12:00:29') }))).toMatchObject({
        occurrence: at('11:30:00'),
        madeUp: false,
        next: at('11:31:00'),
      });
      const before = { occurrence: missed === 'skip' ? null : at('11:59:00'), next: at('12:00:00') };
      expect(planFor(due({ ...tried, dueAt: at('11:50:00') }))).toMatchObject(before);
      expect(planFor(due({ missed, nextRunAt: at('10:59:00'), dueAt: at('12:00:29') }))).toMatchObject(
        before,
      );
    }
  });

  test('skips what is older, and goes on with what is not', () => {
    const plan = planFor(due({ nextRunAt: at('03:00:00') }));
    expect(plan).toMatchObject({ occurrence: null, next: at('12:00:00'), due: at('12:00:00') });
    expect(plan.warning).toMatch(/^was not fired from 2026-02-01T03:00:00\.000Z .* skipped$/);
  });

  test('makes up for all that is older with one job, for the latest', () => {
    const plan = planFor(due({ missed: 'once', nextRunAt: at('03:00:00') }));
    expect(plan).toMatchObject({ occurrence: at('11:59:00'), madeUp: true, next: at('12:00:00') });
    const daily = planFor(due({ missed: 'once', cron: '0 3 * * *', nextRunAt: at('03:00:00') }));
    expect(daily).toMatchObject({ occurrence: at('03:00:00'), madeUp: true });
    expect(daily.next).toEqual(new Date('2026-02-02T03:00:00Z'));
  });

  test('ends with the last occurrence of its rule', () => {
    const last = due({ ...rule('FREQ=DAILY;UNTIL=20260201T120000Z'), dtstart: '20260101T120000' });
    expect(planFor(last)).toMatchObject({ occurrence: at('12:00:00'), next: null, due: null, error: null });
  });

  test('ends, and says so, when no next time can be found', () => {
    const plan = planFor(due(rule('FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1,3')));
    expect(plan).toMatchObject({ occurrence: at('12:00:00'), next: null, error: plan.warning });
    expect(plan.error).toMatch(/cannot be worked out/);
  });

  test('is tried again in a minute when nobody can read its times', () => {
    for (const odd of [rule('nonsense'), { cron: 'nonsense' }]) {
      const plan = planFor(due(odd));
      expect(plan).toMatchObject({ occurrence: null, next: at('12:00:00'), due: at('12:01:30.500') });
      expect(plan.error).toMatch(/tried again every minute/);
    }
  });
});

describe('the id of the job of an occurrence', () => {
  const { id } = due({});
  const timeOf = (jobId: string) => parseInt(jobId.replaceAll('-', '').slice(0, 12), 16);

  test('is the same whenever and by whomever it is fired on time', () => {
    expect(occurrenceId(id, at('12:00:00'), at('12:00:00.010'))).toBe(
      occurrenceId(id, at('12:00:00'), at('12:00:40')),
    );
    expect(timeOf(occurrenceId(id, at('12:00:00'), at('12:00:40')))).toBe(+at('12:00:00'));
  });

  test('differs from occurrence to occurrence and from schedule to schedule', () => {
    const other = id.replace('0', '1');
    const ids = [id, other].flatMap((each) =>
      [at('12:00:00'), at('12:00:01')].map((time) => occurrenceId(each, time, time)),
    );
    expect(new Set(ids).size).toBe(4);
  });

  test('tells the time at which it is stored when it is made up for late', () => {
    expect(timeOf(occurrenceId(id, at('03:00:00'), NOW))).toBe(+NOW);
  });
});

describe('schedules that are due at once', () => {
  const workflow = (count: number) =>
    due({ targetKind: 'workflow', target: { jobs: Array.from({ length: count }, () => ({})) } });
  const sizes = (...all: DueSchedule[]) => shareOf(all).length;

  test('share a transaction, up to a thousand jobs', () => {
    expect(sizes()).toBe(0);
    expect(sizes(...Array.from({ length: 50 }, () => due({})))).toBe(50);
    expect(sizes(due({}), workflow(499), workflow(500), due({}))).toBe(3);
    expect(sizes(due({}), workflow(500), workflow(500), due({}))).toBe(2);
  });

  test('hold up nobody for ever, however large the first one is', () => {
    expect(sizes(workflow(1_001), due({}))).toBe(1);
    expect(sizes(due({ targetKind: 'workflow', target: { jobs: 'nonsense' } }), due({}))).toBe(2);
  });
});
