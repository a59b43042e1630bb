import { DataError } from './data-error.js';

/** What one thing costs beside its text: its object and its place in a map, in bytes. */
const OVERHEAD = 64;

/** Counts what groups and distinct values take, so that a job ends with a clear error before its thread does. */
export class Memory {
  private taken = 0;

  /** @param bytes of texts and objects that may be kept */
  constructor(private readonly bytes: number) {}

  /** @throws DataError when there is no more */
  take(bytes: number, things = 1): void {
    this.taken += bytes + things * OVERHEAD;
    if (this.taken <= this.bytes) return;
    throw new DataError(
      `The groups and distinct values take more than ${Math.round(this.bytes / 1_048_576)} MiB: group by fewer or coarser fields, or filter more rows out`,
    );
  }
}
