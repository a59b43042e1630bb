import { type QueueDemand, type Sizing, needOf, workersFor } from '../../src/scaling/desired-workers.js';

const NO_LIMIT = { rate: null, burst: 1, concurrency: null, per_key: null } as const;

function demand(more: Partial<QueueDemand> = {}): QueueDemand {
  return {
    queue: 'default',
    isPaused: false,
    limits: null,
    running: 0,
    backlog: 0,
    arrivals: 0,
    executions: 1,
    runSeconds: 2,
    drainWithin: 10,
    ...more,
  };
}

const sizing = (more: Partial<Sizing> = {}): Sizing => ({
  ...{ slotsPerWorker: 10, target: 0.8, min: 0, max: 100, current: 0, ...more },
});

describe('the slots a queue needs', () => {
  const slots = (more: Partial<QueueDemand>) => needOf(demand(more), sizing()).slots;

  test('are arrivals times run time, over the target utilisation', () => {
    expect(slots({ arrivals: 20 })).toBeCloseTo(50);
    expect(slots({ arrivals: 20, executions: 2 })).toBeCloseTo(100);
  });

  test('are those that start the backlog within the objective besides, and no more than there are jobs', () => {
    expect(slots({ backlog: 100 })).toBeCloseTo(20);
    expect(slots({ backlog: 3, runSeconds: 600 })).toBe(3);
    expect(slots({ arrivals: 20, backlog: 100 })).toBeCloseTo(70);
  });

  test('are at least those in use', () => {
    expect(slots({ running: 7 })).toBe(7);
    expect(needOf(demand({ running: 3, isPaused: true, backlog: 500 }), sizing())).toMatchObject({
      slots: 3,
      heldBy: 'pause',
    });
  });

  test('grow by a worker at a time while nobody knows how long jobs run', () => {
    expect(slots({ runSeconds: null, backlog: 5_000, running: 10 })).toBe(20);
    expect(slots({ runSeconds: null, backlog: 4 })).toBe(4);
  });

  test('are no more than a limit lets run', () => {
    const limited = { ...NO_LIMIT, concurrency: 5 };
    expect(needOf(demand({ backlog: 5_000, limits: limited }), sizing())).toMatchObject({
      slots: 5,
      heldBy: 'limit',
    });
    const rated = { ...NO_LIMIT, rate: '60/minute' };
    expect(slots({ backlog: 5_000, limits: rated })).toBeCloseTo(2.5);
    expect(needOf(demand({ arrivals: 0.1, limits: limited }), sizing()).heldBy).toBeNull();
  });
});

describe('the workers for them', () => {
  test('have enough slots together, within the bounds', () => {
    expect([1, 10, 10.1, 25].map((slots) => workersFor(slots, sizing()))).toEqual([1, 1, 2, 3]);
    expect(workersFor(0, sizing({ min: 1 }))).toBe(1);
    expect(workersFor(1e9, sizing({ max: 20 }))).toBe(20);
    expect(workersFor(0, sizing())).toBe(0);
  });

  test('become fewer only when they would do with a tenth more as well', () => {
    expect(workersFor(29.5, sizing({ current: 4 }))).toBe(4);
    expect(workersFor(27, sizing({ current: 4 }))).toBe(3);
    expect(workersFor(31, sizing({ current: 3 }))).toBe(4);
  });
});

describe('an autoscaler that follows', () => {
  const SLOTS = 5;
  const RUN_SECONDS = 4;

  /** Seconds of life: jobs come by the rate of the second, run 4 s, and the workers are what was asked for 15 s before. */
  function live(rateAt: (second: number) => number, seconds: number) {
    const submitted: number[] = [];
    const asked: number[] = [];
    const waits: number[] = [];
    let line: number[] = [];
    let running: number[] = [];
    for (let second = 0; second < seconds; second += 1) {
      const arrived = Math.floor((second + 1) * rateAt(second)) - Math.floor(second * rateAt(second));
      submitted.push(arrived);
      line.push(...Array.from({ length: arrived }, () => second));
      running = running.filter((end) => end > second);
      const workers = asked[Math.max(0, second - 15)] ?? 1;
      const free = Math.max(0, workers * SLOTS - running.length);
      waits.push(...line.slice(0, free).map((since) => second - since));
      running.push(...line.slice(0, free).map(() => second + RUN_SECONDS));
      line = line.slice(free);
      const of = (span: number) => submitted.slice(-span).reduce((sum, jobs) => sum + jobs, 0) / span;
      const need = needOf(
        demand({
          running: running.length,
          backlog: line.length,
          arrivals: Math.max(of(60), of(300)),
          runSeconds: second < RUN_SECONDS ? null : RUN_SECONDS,
        }),
        sizing({ slotsPerWorker: SLOTS }),
      );
      asked.push(
        workersFor(need.slots, sizing({ slotsPerWorker: SLOTS, min: 1, current: asked.at(-1) ?? 1 })),
      );
    }
    return { asked, waits, line };
  }

  test('comes to what the jobs need, and stays there', () => {
    const { asked, waits, line } = live(() => 10, 1_200);
    const late = asked.slice(-600);
    expect(new Set(late)).toEqual(new Set([10]));
    expect(line.length).toBe(0);
    expect(waits.slice(-5_000).every((wait) => wait <= 1)).toBe(true);
  });

  test('follows a burst within a minute, and lets go once', () => {
    const { asked, line } = live((second) => (second >= 600 && second < 900 ? 20 : 2), 1_800);
    expect(asked[599]).toBe(2);
    expect(Math.max(...asked.slice(600, 660))).toBeGreaterThanOrEqual(20);
    expect(line.length).toBe(0);
    // Two would be just enough, with nothing to spare.
    expect(asked.at(-1)).toBe(3);
    const afterwards = asked.slice(900);
    const rises = afterwards.filter((workers, second) => second > 0 && workers > afterwards[second - 1]!);
    expect(rises).toEqual([]);
  });
});
