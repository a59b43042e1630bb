import type { JobStatus, JsonObject, Managed } from '../../src/queue/index.js';
import type { TestJob } from '../../src/testing/index.js';

/** A job as both queues can show it. */
export interface View {
  readonly status: JobStatus;
  readonly type: string;
  readonly priority: number;
  readonly payload: JsonObject;
  readonly result: unknown;
  /** The last failure's message. */
  readonly error: string | null;
  readonly attempts: number;
  readonly maxAttempts: number | null;
  /** From the latest event to the next start, ms. */
  readonly waitMs: number;
  /** `event attempt`, the oldest first. */
  readonly history: readonly string[];
}

/** A queue with one worker, whose time is moved by hand: what the scenarios are played on. */
export interface Bench {
  /** @returns the id of the job that answers for it */
  enqueue(job: TestJob): Promise<string>;
  /** Runs what is due, one job after the other, until nothing is. */
  runDue(): Promise<void>;
  advance(seconds: number): Promise<void>;
  view(id: string): Promise<View>;
  cancel(id: string): Promise<Managed>;
  retry(id: string): Promise<Managed>;
  runNow(id: string): Promise<Managed>;
  /** Forgets all jobs. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}
