import { ByteWriter } from './byte-writer.js';
import type { Output } from './outputs.js';
import type { Row } from './row.js';
import type { Shape } from './shape.js';
import { type Slice, newSlice } from './slice.js';
import { SortKey } from './sort-key.js';
import { Sorter } from './sorter.js';

export interface DeliveryOptions {
  /** Rows that are delivered at most. */
  readonly limit: number | undefined;
  /** Where a sort keeps its temporary file. */
  readonly folder: string;
}

/** The last step of every row: it is written as the output wants it, sorted if asked for, and handed over. */
export class Delivery {
  rowsWritten = 0;

  private readonly row = new ByteWriter(4_096);
  private readonly slice = newSlice();
  private readonly key = new ByteWriter(256);
  private readonly sortKey: SortKey;
  private readonly sorter: Sorter | undefined;
  private readonly limit: number;

  constructor(
    private readonly shape: Shape,
    private readonly output: Output,
    options: DeliveryOptions,
  ) {
    this.limit = options.limit ?? Infinity;
    this.sortKey = new SortKey(shape.sortBy);
    if (shape.sortBy.length > 0) this.sorter = new Sorter(options);
    shape.begin(this.row);
    if (this.row.length > 0) output.add(this.written());
  }

  /** Whether no further row is wanted. */
  get isDone(): boolean {
    return !this.sorter && this.rowsWritten >= this.limit;
  }

  take(row: Row): void {
    if (this.isDone) return;
    this.row.clear();
    this.shape.encode(row, this.row);
    if (!this.sorter) {
      this.hand(this.written());
      return;
    }
    this.key.clear();
    this.sortKey.write(row, this.key);
    this.sorter.add(this.key, this.row);
  }

  /** Hands over what is still here. */
  async finish(): Promise<void> {
    for (const row of this.sorter?.sorted() ?? []) {
      this.hand(row);
      if (this.output.isFull) await this.output.flush();
    }
    await this.output.flush();
  }

  /** Frees the sort's file. */
  close(): void {
    this.sorter?.close();
  }

  private hand(row: Slice): void {
    this.rowsWritten++;
    this.output.add(row);
  }

  private written(): Slice {
    this.slice.buffer = this.row.buffer;
    this.slice.end = this.row.length;
    return this.slice;
  }
}
