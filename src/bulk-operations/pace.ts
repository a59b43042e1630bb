import { setTimeout as pause } from 'node:timers/promises';

/** Changed at a time, at most: each may have a payload of a megabyte. */
const LARGEST_STEP = 100;

/** Steps a second that a rate is divided into, so that it is smooth. */
const STEPS_A_SECOND = 20;

/** What a slow step held up is made up for, but no more than this much (ms) of it: nobody wants a burst. */
const MAKES_UP_MS = 250;

/** A step that may have changed jobs at any time until it ended. */
interface Step {
  readonly endedAt: number;
  readonly jobs: number;
}

/**
 * Keeps a rate, by the monotonic clock: no second, wherever it starts, sees more than `perSecond` jobs changed; a
 * fraction above 1 is rounded down for that. Below 1 it is one job in each 1 / `perSecond` seconds.
 */
export class Pace {
  private readonly quota: number;
  /** The time (ms) in which no more than the quota is changed. */
  private readonly windowMs: number;
  private readonly smallestStep: number;
  private readonly msPerJob: number;
  private steps: Step[] = [];
  /** Since when time counts towards the next jobs. */
  private creditSince: number;

  /**
   * @param perSecond null = as fast as possible
   * @param restMs time before the first step
   */
  constructor(
    private readonly perSecond: number | null,
    restMs = 0,
  ) {
    const rate = perSecond ?? Infinity;
    this.quota = Math.max(1, Math.floor(rate));
    this.windowMs = Math.max(1_000, 1_000 / rate);
    this.smallestStep = Math.min(LARGEST_STEP, Math.ceil(this.quota / STEPS_A_SECOND));
    this.msPerJob = 1_000 / rate;
    this.creditSince = performance.now() + restMs - this.smallestStep * this.msPerJob;
  }

  /**
   * Resolves with the number of jobs that may be changed now, 1 to 100.
   * @throws the signal's reason when it fires
   */
  async ready(signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    if (this.perSecond === null) return LARGEST_STEP;
    // A timer may fire a moment early.
    for (let wait = this.waitMs(); wait > 0; wait = this.waitMs()) {
      await pause(Math.ceil(wait), undefined, { signal }).catch(() => signal.throwIfAborted());
      signal.throwIfAborted();
    }
    return this.take();
  }

  /** A step has changed this many jobs, at some time before now. */
  stepEnded(jobs: number): void {
    this.steps.push({ endedAt: performance.now(), jobs });
  }

  private take(): number {
    const now = performance.now();
    const longest = Math.max(MAKES_UP_MS, this.smallestStep * this.msPerJob);
    this.creditSince = Math.max(this.creditSince, now - longest);
    const earned = Math.floor((now - this.creditSince) / this.msPerJob + 1e-6);
    const jobs = Math.max(1, Math.min(earned, this.quota - this.recent(now), LARGEST_STEP));
    this.creditSince += jobs * this.msPerJob;
    return jobs;
  }

  /** Until a smallest step is earned, and the window has room for it. */
  private waitMs(): number {
    const now = performance.now();
    const earnedAt = this.creditSince + this.smallestStep * this.msPerJob;
    return Math.max(earnedAt, this.roomAt(now)) - now;
  }

  private roomAt(now: number): number {
    let room = this.quota - this.recent(now);
    let at = now;
    for (const { endedAt, jobs } of this.steps) {
      if (room >= this.smallestStep) break;
      room += jobs;
      at = endedAt + this.windowMs;
    }
    return at;
  }

  /** Jobs changed within the window that ends now, perhaps. Forgets the steps before it. */
  private recent(now: number): number {
    this.steps = this.steps.filter((step) => step.endedAt + this.windowMs > now);
    return this.steps.reduce((sum, step) => sum + step.jobs, 0);
  }
}
