import { setTimeout as pause } from 'node:timers/promises';
import { RefusedError } from './refused.error.js';
import { UnreachableError } from './transport.js';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

interface Patience {
  /** For how long (ms) it is tried; a minute otherwise. */
  readonly ms?: number;
  /** Called once when it takes longer. */
  readonly told?: () => void;
}

/**
 * Asks again while the service is away or busy. What is asked must be safe to ask twice.
 * @throws CliError the last one; anything else at once
 */
export async function patiently<Result>(
  ask: () => Promise<Result>,
  { ms = 60_000, told }: Patience = {},
): Promise<Result> {
  const until = performance.now() + ms;
  let isTold = false;
  for (let failures = 0; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      const wait = waitAfter(error, failures);
      if (wait === undefined || performance.now() + wait > until) throw error;
      if (!isTold) told?.();
      isTold = true;
      await pause(wait);
    }
  }
}

/** How long (ms) to wait before asking again; undefined = there is no use in it. */
export function waitAfter(error: unknown, failures: number): number | undefined {
  const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  if (error instanceof UnreachableError) return backoff;
  if (!(error instanceof RefusedError)) return undefined;
  if (error.status === 429) return Math.max(backoff, error.retryAfterMs ?? 0);
  return error.status === 503 || error.status === 502 || error.status === 504
    ? Math.max(backoff, error.retryAfterMs ?? 0)
    : undefined;
}
