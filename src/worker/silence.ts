/**
 * For how long (ms) a worker may be silent before its jobs are taken over: a little less than `STALLED_WORKER_TIMEOUT`
 * (s), so that they run elsewhere by then.
 */
export function silenceMs(deadAfterSeconds: number): number {
  return deadAfterSeconds * 1_000 - Math.min(1_000, deadAfterSeconds * 100);
}

/** After how long (ms) without an answer a worker takes itself for silent: 3 s, or a third, before others do. */
export function fenceAfterMs(deadAfterSeconds: number): number {
  return deadAfterSeconds * 1_000 - Math.min(3_000, deadAfterSeconds * 300);
}
