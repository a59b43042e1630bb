/** Milliseconds by the machine's monotonic clock, which all of its processes share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A stretch of that time. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long (ms) two stretches lie over each other. */
export function common(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
