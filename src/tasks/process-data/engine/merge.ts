import { HEAD, compareRecords, prefixOf, recordLength } from './record.js';
import type { Extent, RunFile } from './run-file.js';

/** Bytes that are read of a run at once. */
export const READ_BYTES = 64 * 1024;

/** Where a merge stands in one of its runs. */
export class RunReader {
  buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** Where the present record begins in `buffer`. */
  start = 0;
  /** What it is compared by first. */
  prefix = 0;

  private end = 0;
  private position: number;

  constructor(
    private readonly file: RunFile,
    private readonly extent: Extent,
    /** Among equal records those of the first run come first. */
    readonly place: number,
  ) {
    this.position = extent.from;
  }

  /** Makes the first record the present one; false when there is none. */
  open(): boolean {
    return this.load(0);
  }

  /** Goes on to the next record; false after the last. */
  next(): boolean {
    return this.load(recordLength(this.buffer, this.start));
  }

  private load(skipped: number): boolean {
    this.start += skipped;
    if (!this.fill(HEAD)) return false;
    if (!this.fill(recordLength(this.buffer, this.start))) return false;
    this.prefix = prefixOf(this.buffer, this.start + HEAD, this.buffer.readUInt32LE(this.start));
    return true;
  }

  /** Has so many bytes of the present record in the buffer. */
  private fill(bytes: number): boolean {
    if (this.end - this.start >= bytes) return true;
    const rest = this.end - this.start;
    if (bytes > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(bytes);
      this.buffer.copy(grown, 0, this.start, this.end);
      this.buffer = grown;
    } else this.buffer.copyWithin(0, this.start, this.end);
    this.start = 0;
    this.end = rest;
    while (this.end < bytes && this.position < this.extent.to) {
      const read = this.file.read(this.buffer, this.end, this.position, this.extent.to);
      if (read === 0) throw new Error('The temporary file of the sort ends before its time');
      this.end += read;
      this.position += read;
    }
    return this.end >= bytes;
  }
}

/** The records of sorted runs in order, by a heap of where each run stands. What it yields holds until it goes on. */
export function* merged(runs: readonly RunReader[]): Generator<RunReader> {
  const heap = runs.filter((run) => run.open());
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(heap, at);
  while (heap.length > 0) {
    const first = heap[0]!;
    yield first;
    if (!first.next()) {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    sink(heap, 0);
  }
}

function sink(heap: RunReader[], from: number): void {
  for (let at = from; ;) {
    const left = 2 * at + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const child = right < heap.length && comesBefore(heap[right]!, heap[left]!) ? right : left;
    if (!comesBefore(heap[child]!, heap[at]!)) return;
    const moved = heap[at]!;
    heap[at] = heap[child]!;
    heap[child] = moved;
    at = child;
  }
}

function comesBefore(a: RunReader, b: RunReader): boolean {
  if (a.prefix !== b.prefix) return a.prefix < b.prefix;
  const order = compareRecords(a.buffer, a.start, b.buffer, b.start);
  return order === 0 ? a.place < b.place : order < 0;
}
