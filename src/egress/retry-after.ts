const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 3_600;

/**
 * The wait that the header `Retry-After` asks for, in seconds from 1 to 3,600: a number of them, or a date.
 * @param now epoch ms
 * @returns undefined when there is none that can be read
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (httpDate(text) - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, Math.ceil(seconds)));
}

/** Epoch ms; NaN when it is none. `Date.parse` alone would take "5 apples" for a date. */
function httpDate(text: string): number {
  return text.endsWith(' GMT') ? Date.parse(text) : NaN;
}
