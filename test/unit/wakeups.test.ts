import { decodeWakeup } from '../../src/queue/index.js';
import { encodeWakeup, wakeupFor } from '../../src/queue/line/wakeups.js';

const now = new Date('2030-01-01T00:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const job = (queue: string, scheduledAt: Date, ticketed = true) => ({
  queue,
  scheduledAt,
  ticketed,
  updatedAt: now,
  status: 'PENDING' as const,
  lock: null,
});
const everything = { ready: ['*'], due: {}, cancel: ['*'], workers: ['*'], promoteAt: 0, scheduleAt: 0 };

describe('a wake-up', () => {
  test('names the queues that have something to start, and for the others the earliest time', () => {
    const jobs = [
      job('a', now),
      job('a', at(-5)),
      job('b', at(900)),
      job('b', at(500)),
      job('b', at(700)),
      job('a', at(100)),
    ];
    expect(wakeupFor(jobs)).toEqual({
      ready: ['a'],
      due: { b: at(500).getTime(), a: at(100).getTime() },
    });
  });

  test('is not sent for jobs that have no place in line yet', () => {
    expect(wakeupFor([])).toBeUndefined();
    expect(wakeupFor([job('a', at(90_000), false)])).toBeUndefined();
  });

  test('names the time at which a job with a lock may join its line', () => {
    const locked = (ms: number) => ({ ...job('a', at(ms), false), lock: 'x' });
    expect(wakeupFor([locked(900), locked(700)])).toEqual({
      ready: [],
      due: {},
      promoteAt: at(700).getTime(),
    });
  });

  test('is not sent for a job that was cancelled the moment it came', () => {
    expect(wakeupFor([{ ...job('a', now), status: 'CANCELLED' }])).toBeUndefined();
  });

  test('arrives as it was sent', () => {
    const wakeup = { ready: ['a', 'b.c'], due: { d: 1_900_000_000_000 } };
    expect(decodeWakeup(encodeWakeup(wakeup))).toEqual(wakeup);
  });

  test('becomes "look everywhere" where PostgreSQL would refuse its length', () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, index) => `queue-${index}`.padEnd(63, 'x'));
    expect(decodeWakeup(encodeWakeup({ ready: names(100), due: {} })).ready).toHaveLength(100);
    const long = encodeWakeup({ ready: names(200), due: {} });
    expect(decodeWakeup(long)).toEqual(everything);
    expect(Buffer.byteLength(long)).toBeLessThan(8_000);
  });

  test('hands on what else it says, and of that what it cannot read as "look at all"', () => {
    const times = { promoteAt: 1_900_000_000_000, scheduleAt: 1_900_000_000_001 };
    const extras = { cancel: ['a', 'b'], workers: ['w'], ...times };
    expect(decodeWakeup(JSON.stringify({ ready: [], due: {}, ...extras }))).toEqual({
      ready: [],
      due: {},
      ...extras,
    });
    const strange = { cancel: 'a', workers: [1], promoteAt: 'soon', scheduleAt: null };
    expect(decodeWakeup(JSON.stringify({ ready: [], due: {}, ...strange }))).toEqual({
      ready: [],
      due: {},
      cancel: ['*'],
      workers: ['*'],
      promoteAt: 0,
      scheduleAt: 0,
    });
    expect(decodeWakeup('{"ready":[],"due":{}}')).toEqual({ ready: [], due: {} });
  });

  test.each([
    '',
    'nonsense',
    'null',
    '7',
    '"a"',
    '[]',
    '{}',
    '{"ready":["a"]}',
    '{"ready":"a","due":{}}',
    '{"ready":[1],"due":{}}',
    '{"ready":["Not A Queue"],"due":{}}',
    '{"ready":[],"due":{"a":"soon"}}',
    '{"ready":[],"due":{"A B":1}}',
    '{"ready":[],"due":null}',
  ])('of a text that is not ours, or of a newer version, looks everywhere: %s', (text) => {
    expect(decodeWakeup(text)).toEqual(everything);
  });
});
