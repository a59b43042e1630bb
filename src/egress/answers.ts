/** Statuses of 400 to 499 that may be different the next time: timeout, too early, too many requests. */
const PASSING = [408, 425, 429];

/** Whether the same request would be answered in the same way again. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !PASSING.includes(status);
}

/** What the network calls its failure, to follow a sentence about it: ` (ECONNREFUSED)`, or nothing. */
export function codeOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

/** What a redirect leads to; as it says it when that is no URL. */
export function targetOf(location: string, from: string): string {
  return URL.canParse(location, from) ? new URL(location, from).href : location;
}
