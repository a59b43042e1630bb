import { JobFailedError, WaitTimeoutError } from '../errors.js';
import type { Api } from '../transport/api.js';
import { bounded } from '../transport/bounded.js';
import { pause } from '../transport/pause.js';
import type { Job } from '../wire.js';

/** How long (s) the service holds a request until the job has ended; what stands between cuts most off after 60. */
const HELD_S = 30;

/** For how long (ms) the service may be away before nobody waits any more. */
export const PATIENCE_MS = 120_000;

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** How long somebody waits. */
export interface WaitOptions {
  /** At most so long (ms); otherwise for as long as it takes. */
  readonly timeout?: number | undefined;
  /** Ends the waiting; it rejects with the signal's reason. The job goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws JobFailedError @throws WaitTimeoutError @throws ProblemError @throws ConnectionError @throws the signal's reason */
export function waitForJob(api: Api, jobId: string, options: WaitOptions): Promise<Job> {
  return withinTime(jobId, options, async (signal) => {
    for (let quick = 0; ;) {
      const askedAt = performance.now();
      const job = await api.persist(
        'GET /jobs/{job_id}',
        { path: { job_id: jobId }, header: { Prefer: `wait=${HELD_S}` } },
        { signal, patienceMs: PATIENCE_MS },
      );
      if (job.status === 'COMPLETED') return job;
      if (job.status === 'FAILED' || job.status === 'CANCELLED') throw new JobFailedError(job);
      // An API that stops answers at once, and something between may have taken the wish to wait away.
      quick = performance.now() - askedAt < 1_000 ? quick + 1 : 0;
      if (quick > 0) await pause(pauseAfter(quick), signal);
    }
  });
}

/** How long (ms) to wait before asking for the next time. */
export function pauseAfter(asked: number): number {
  return Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** (asked - 1));
}

/** @throws WaitTimeoutError when the time is up */
export async function withinTime<Result>(
  id: string,
  { timeout, signal }: WaitOptions,
  wait: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = bounded(signal, timeout);
  try {
    return await wait(limit.signal);
  } catch (error) {
    if (limit.isOverdue && timeout !== undefined) throw new WaitTimeoutError(id, timeout);
    throw error;
  } finally {
    limit.release();
  }
}
