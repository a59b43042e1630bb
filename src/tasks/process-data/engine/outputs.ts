import { ByteWriter } from './byte-writer.js';
import { DataError } from './data-error.js';
import { type Slice, textOf } from './slice.js';

/** Rows that an answer may hold. */
export const MOST_INLINE_ROWS = 1_000;

/** Bytes that an answer may have. */
export const MOST_INLINE_BYTES = 256 * 1024;

/** Bytes that are handed over at once. */
const CHUNK_BYTES = 128 * 1024;

const INSTEAD = 'Say limit, or output: artifact for a file of any size';

/** Where rows go, each with its line end. */
export interface Output {
  add(row: Slice): void;
  /** Whether `flush` is due. */
  readonly isFull: boolean;
  flush(): Promise<void>;
}

/** Keeps the rows of an answer. */
export class InlineOutput implements Output {
  readonly isFull = false;
  private readonly kept: string[] = [];
  private bytes = 0;

  get rows(): string {
    return this.kept.join('');
  }

  /** @throws DataError when the answer would be too large */
  add(row: Slice): void {
    this.bytes += row.end - row.start;
    if (this.kept.length >= MOST_INLINE_ROWS)
      throw new DataError(`The result has more than 1,000 rows. ${INSTEAD}`);
    if (this.bytes > MOST_INLINE_BYTES) throw new DataError(`The result has more than 256 KiB. ${INSTEAD}`);
    this.kept.push(textOf(row));
  }

  async flush(): Promise<void> {
    // An answer is handed over as a whole.
  }
}

/** Hands rows over in chunks. */
export class ChunkOutput implements Output {
  private readonly chunk = new ByteWriter(CHUNK_BYTES + 4_096);

  /** @param send takes a chunk for good and resolves when the next may come */
  constructor(private readonly send: (chunk: Buffer) => Promise<void>) {}

  get isFull(): boolean {
    return this.chunk.length >= CHUNK_BYTES;
  }

  add(row: Slice): void {
    this.chunk.slice(row);
  }

  async flush(): Promise<void> {
    if (this.chunk.length > 0) await this.send(this.chunk.take(CHUNK_BYTES + 4_096));
  }
}
