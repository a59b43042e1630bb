/** Rows of one statement: what is large must not outlive the time a statement is given. */
const PORTION = 1_000;

/** Divides what is written into portions that one statement can take, in their order. */
export function* portions<T>(items: readonly T[], size = PORTION): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
