import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DatabaseClock } from '../../src/common/index.js';
import type { ClaimedJob } from '../../src/queue/index.js';
import { DueAlarms } from '../../src/worker/due-alarms.js';
import { WorkerPool } from '../../src/worker/worker-pool.js';

/** Queues as numbers of waiting jobs, and a worker whose jobs end when the test says so. */
class Scene {
  readonly waiting = new Map<string, number>();
  readonly claims: [queue: string, limit: number][] = [];
  readonly drained: string[] = [];
  readonly limited = new Set<string>();
  /** By queue, the most slots that were free at a claim. */
  readonly frees = new Map<string, number>();
  readonly returned: ClaimedJob[] = [];
  readonly running: { queue: string; end: () => void }[] = [];
  mostAtOnce = 0;
  interruptions = 0;
  failure: Error | undefined;
  onClaim: () => void = () => undefined;
  readonly pool: WorkerPool;

  constructor(slots: number) {
    this.pool = new WorkerPool(slots, () => true, {
      claim: async (queue, asked, free) => {
        const limit = this.limited.has(queue) ? Math.min(asked, free) : asked;
        this.claims.push([queue, limit]);
        this.frees.set(queue, Math.max(free, this.frees.get(queue) ?? 0));
        await Promise.resolve();
        if (this.failure) throw this.failure;
        const count = Math.min(limit, this.waiting.get(queue) ?? 0);
        this.waiting.set(queue, (this.waiting.get(queue) ?? 0) - count);
        this.onClaim();
        return Array.from(
          { length: count },
          () => ({ queue, interruptions: this.interruptions }) as ClaimedJob,
        );
      },
      run: ({ queue }) =>
        new Promise((end) => {
          this.running.push({ queue, end });
          this.mostAtOnce = Math.max(this.mostAtOnce, this.running.length);
        }),
      giveBack: (jobs) => this.returned.push(...jobs),
      isLimited: (queue) => this.limited.has(queue),
      onDrained: (queue) => this.drained.push(queue),
    });
  }

  put(queue: string, jobs: number): void {
    this.waiting.set(queue, (this.waiting.get(queue) ?? 0) + jobs);
    this.pool.wake(queue);
  }

  endOne(): void {
    this.running.shift()?.end();
  }
}

const settle = () => jest.advanceTimersByTimeAsync(0);

describe('a pool of slots', () => {
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('runs as many jobs as it has slots, and the next as soon as one is free', async () => {
    const scene = new Scene(3);
    scene.put('a', 5);
    await settle();
    expect(scene.pool.busy).toBe(3);
    scene.endOne();
    await settle();
    expect(scene.pool.busy).toBe(3);
    expect(scene.waiting.get('a')).toBe(1);
    for (let count = 0; count < 4; count++) {
      scene.endOne();
      await settle();
    }
    await scene.pool.idle();
    expect(scene.mostAtOnce).toBe(3);
    expect(scene.drained).toContain('a');
  });

  test('gives the queue its turn that waited longest, so that a long one does not starve a short one', async () => {
    const scene = new Scene(2);
    scene.put('long', 100);
    scene.put('short', 2);
    await settle();
    const started: string[] = [];
    for (let count = 0; count < 6; count++) {
      scene.endOne();
      await settle();
      started.push(scene.running.at(-1)!.queue);
    }
    expect(started.slice(0, 4).sort()).toEqual(['long', 'long', 'short', 'short']);
    expect(scene.pool.busy).toBe(2);
  });

  test('serves each of many queues in turn, however fast the others fill up', async () => {
    const scene = new Scene(4);
    const queues = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const queue of queues) scene.put(queue, 1_000);
    await settle();
    const ended = new Map(queues.map((queue) => [queue, 0]));
    for (let count = 0; count < 700; count++) {
      const { queue } = scene.running[0]!;
      ended.set(queue, ended.get(queue)! + 1);
      scene.endOne();
      scene.put(queue, 1);
      await settle();
    }
    for (const count of ended.values()) expect(count).toBeGreaterThan(50);
  });

  test('asks a drained queue no more until it is woken', async () => {
    const scene = new Scene(2);
    scene.put('a', 0);
    await settle();
    expect(scene.claims).toEqual([['a', 2]]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(scene.claims).toHaveLength(1);
    scene.put('a', 1);
    await settle();
    expect(scene.pool.busy).toBe(1);
  });

  test('does not lose a wake-up that comes while it is asking', async () => {
    const scene = new Scene(2);
    scene.onClaim = () => {
      scene.onClaim = () => undefined;
      scene.put('a', 1);
    };
    scene.put('a', 0);
    await settle();
    expect(scene.pool.busy).toBe(1);
  });

  test('tries again, later and later, when it cannot claim', async () => {
    const scene = new Scene(1);
    scene.failure = new Error('away');
    scene.put('a', 1);
    await jest.advanceTimersByTimeAsync(250 + 500 + 1_000);
    expect(scene.claims).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(scene.claims.length).toBeLessThan(4 + 14);
    scene.failure = undefined;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(scene.pool.busy).toBe(1);
  });

  test('claims no more once it is told to stop', async () => {
    const scene = new Scene(2);
    scene.put('a', 1);
    await settle();
    const claims = scene.claims.length;
    await scene.pool.stopClaiming();
    scene.put('a', 1);
    scene.endOne();
    await scene.pool.idle();
    expect(scene.claims).toHaveLength(claims);
  });

  test('leaves no timer when it is told to stop while it cannot claim', async () => {
    const scene = new Scene(2);
    scene.failure = new Error('away');
    scene.put('a', 5);
    await settle();
    await scene.pool.stopClaiming();
    scene.failure = undefined;
    scene.put('a', 1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(scene.claims).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('what a pool claims ahead of its slots', () => {
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** A pool of two slots in which so many short jobs have run that it claims ahead. */
  async function inFullSwing(): Promise<Scene> {
    const scene = new Scene(2);
    scene.put('a', 10_000);
    for (let turn = 0; turn < 100; turn++) {
      await jest.advanceTimersByTimeAsync(1);
      scene.endOne();
      scene.endOne();
    }
    await settle();
    return scene;
  }

  test('is more the faster short jobs run, and starts in the order of the claims', async () => {
    const scene = await inFullSwing();
    const limits = scene.claims.map(([, limit]) => limit);
    expect(limits[0]).toBe(2);
    expect(Math.max(...limits)).toBeGreaterThan(20);
    expect(scene.mostAtOnce).toBe(2);
    expect(scene.returned).toEqual([]);
  });

  test('is nothing of a queue with limits, whose turn comes when a slot is free', async () => {
    const scene = await inFullSwing();
    scene.limited.add('b');
    scene.put('b', 100);
    await settle();
    scene.waiting.set('a', 0);
    for (let turn = 0; turn < 2_000 && scene.waiting.get('b')! > 0; turn++) {
      scene.endOne();
      await settle();
    }
    const ofB = scene.claims.filter(([queue]) => queue === 'b');
    expect(ofB.length).toBeGreaterThan(50);
    expect(scene.waiting.get('b')).toBe(0);
    expect(scene.frees.get('b')).toBeLessThanOrEqual(2);
  });

  test('keeps no queue with limits from its turn, however much there is to claim ahead', async () => {
    const scene = await inFullSwing();
    scene.limited.add('b');
    scene.put('b', 1_000);
    const started = () => 1_000 - scene.waiting.get('b')!;
    for (let turn = 0; turn < 200; turn++) {
      await jest.advanceTimersByTimeAsync(1);
      scene.endOne();
      scene.endOne();
    }
    await settle();
    expect(started()).toBeGreaterThan(4);
    // The others go on, and are still claimed by the dozen.
    expect(started()).toBeLessThan(300);
    expect(scene.mostAtOnce).toBe(2);
  });

  test('goes back when no slot becomes free, at once when the pool stops', async () => {
    const scene = await inFullSwing();
    const claimed = 10_000 - scene.waiting.get('a')!;
    await jest.advanceTimersByTimeAsync(200);
    expect(scene.pool.busy).toBe(2);
    expect(scene.returned.length).toBeGreaterThan(0);
    expect(scene.returned).toHaveLength(claimed - 200 - 2);
    const other = await inFullSwing();
    await other.pool.stopClaiming();
    expect(other.returned).toHaveLength(10_000 - other.waiting.get('a')! - 202);
  });

  test('stays when the process stood still meanwhile, and goes back when slots stay taken after that', async () => {
    const scene = await inFullSwing();
    const clock = jest.spyOn(performance, 'now');
    const standstill = performance.now() + 5_000;
    clock.mockImplementation(() => standstill);
    await jest.advanceTimersByTimeAsync(200);
    expect(scene.returned).toEqual([]);
    clock.mockRestore();
    await jest.advanceTimersByTimeAsync(6_000);
    expect(scene.returned.length).toBeGreaterThan(0);
  });

  test('goes back at once when it was interrupted before: the fewer are together, the fewer are suspected', async () => {
    const scene = await inFullSwing();
    scene.interruptions = 1;
    for (let turn = 0; turn < 300; turn++) {
      await jest.advanceTimersByTimeAsync(1);
      scene.endOne();
    }
    const limits = scene.claims.slice(-20).map(([, limit]) => limit);
    expect(Math.max(...limits)).toBeLessThanOrEqual(2);
  });
});

describe('alarms', () => {
  const start = 1_900_000_000_000;
  let rung: string[];
  let alarms: DueAlarms;
  beforeEach(() => {
    jest.useFakeTimers();
    const clock = new DatabaseClock();
    clock.set(new Date(start));
    rung = [];
    alarms = new DueAlarms(clock, (queue) => rung.push(queue));
  });
  afterEach(() => jest.useRealTimers());

  test('ring at their time, the earliest of a queue only', async () => {
    alarms.set('a', start + 500);
    alarms.set('a', start + 300);
    alarms.set('a', start + 400);
    alarms.set('b', start + 350);
    await jest.advanceTimersByTimeAsync(299);
    expect(rung).toEqual([]);
    await jest.advanceTimersByTimeAsync(2);
    expect(rung).toEqual(['a']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(rung).toEqual(['a', 'b']);
  });

  test('ring at once for what is due already', async () => {
    alarms.set('a', start - 5_000);
    await jest.advanceTimersByTimeAsync(1);
    expect(rung).toEqual(['a']);
  });

  test('ring after a minute at the latest, for somebody to look again', async () => {
    alarms.set('a', start + 40 * 86_400_000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(rung).toEqual(['a']);
  });

  test('leave no timer when they are cleared', () => {
    alarms.set('a', start + 500);
    alarms.set('b', start + 500);
    alarms.clear();
    expect(jest.getTimerCount()).toBe(0);
  });

  describe('asked whether it could claim', () => {
    test('says so when it did since it was asked last, and when it had nothing to claim', async () => {
      const scene = new Scene(2);
      expect(scene.pool.couldClaim()).toBe(true);
      scene.put('a', 0);
      await settle();
      expect([scene.pool.couldClaim(), scene.pool.couldClaim()]).toEqual([true, true]);
    });

    test('says so while all slots are busy, whatever waits', async () => {
      const scene = new Scene(1);
      scene.put('a', 5);
      await settle();
      expect([scene.pool.couldClaim(), scene.pool.couldClaim()]).toEqual([true, true]);
    });

    test('denies it while claims fail, and while one does not come back', async () => {
      const failing = new Scene(1);
      failing.failure = new Error('no line');
      failing.put('a', 1);
      await settle();
      expect([failing.pool.couldClaim(), failing.pool.couldClaim()]).toEqual([false, false]);
      await failing.pool.stopClaiming();
      const hanging = new WorkerPool(1, () => true, {
        claim: () => new Promise(() => undefined),
        run: () => Promise.resolve(),
        giveBack: () => undefined,
        isLimited: () => false,
        onDrained: () => undefined,
      });
      hanging.wake('a');
      await settle();
      expect([hanging.couldClaim(), hanging.couldClaim()]).toEqual([false, false]);
    });
  });
});
