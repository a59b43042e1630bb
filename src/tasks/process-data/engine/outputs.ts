import { ByteWriter } from './byte-writer.js';
import { DataError } from './data-error.js';
import { type Slice, textOf } from './slice.js';

/** Rows that an answer may hold. */
const MOST_INLINE_ROWS = 1_000;

/** Bytes that an answer may have. */
export const MOST_INLINE_BYTES = 256 * 1024;

/** Memory for rows that are handed over at once; a row that is longer gets more. */
export const CHUNK_BYTES = 160 * 1024;

const FULL_BYTES = 128 * 1024;

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
  private readonly chunk = new ByteWriter(CHUNK_BYTES);

  /** @param send takes a chunk and its memory, and answers with memory for the next when that may come */
  constructor(private readonly send: (chunk: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>) {}

  get isFull(): boolean {
    return this.chunk.length >= FULL_BYTES;
  }

  add(row: Slice): void {
    this.chunk.slice(row);
  }

  async flush(): Promise<void> {
    if (this.chunk.length > 0) this.chunk.writeInto(await this.send(this.chunk.written()));
  }
}
