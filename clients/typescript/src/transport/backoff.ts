const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Who is asked to come back later than this (ms) is told so instead of waiting. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * How long (ms) to wait before the given retry: anything up to `250 × 2^(retry−1)`, at most 10 s ("full jitter"), so that
 * those who failed together do not come back together; what the service asks for comes on top.
 * @param retry 1 for the first one
 * @param retryAfterMs what the service asks for
 * @returns undefined when the service asks for more than a minute
 */
export function waitBefore(
  retry: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > LONGEST_RETRY_AFTER_MS) return undefined;
  return (retryAfterMs ?? 0) + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (retry - 1));
}
