import { ConnectionError, ProblemError } from '../errors.js';
import { waitBefore } from './backoff.js';
import { pause } from './pause.js';

const PASSING_STATUSES = new Set([408, 429, 502, 503, 504]);

/** How long something is tried again. */
export interface RetryPolicy {
  /** How often, at most. */
  readonly retries: number;
  /** Whether doing it twice does no harm. Otherwise only what was refused by a limit (429) is tried again. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal | undefined;
  /** Goes on for so long (ms) after the first failure, however often that is. */
  readonly patienceMs?: number | undefined;
}

/** @param attempt is told how often it has failed so far @throws what the last try has thrown, or the signal's reason */
export async function retrying<Result>(
  attempt: (failures: number) => Promise<Result>,
  { retries, isRepeatable, signal, patienceMs }: RetryPolicy,
): Promise<Result> {
  let failingSince: number | undefined;
  for (let failures = 0; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await attempt(failures);
    } catch (error) {
      signal?.throwIfAborted();
      failingSince ??= performance.now();
      const isSpent =
        patienceMs === undefined ? failures >= retries : performance.now() - failingSince > patienceMs;
      const wait = waitAfter(error, failures + 1);
      if (isSpent || wait === undefined || !(isRepeatable || isRefusedByLimit(error))) throw error;
      await pause(wait, signal);
    }
  }
}

/** How long (ms) to wait before the given retry; undefined when there is no use in one. */
export function waitAfter(error: unknown, retry: number): number | undefined {
  if (error instanceof ConnectionError) return waitBefore(retry, undefined);
  if (!(error instanceof ProblemError) || !PASSING_STATUSES.has(error.status)) return undefined;
  return waitBefore(retry, error.retryAfter === undefined ? undefined : error.retryAfter * 1000);
}

const isRefusedByLimit = (error: unknown): boolean => error instanceof ProblemError && error.status === 429;
