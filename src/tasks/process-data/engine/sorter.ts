import { Arena } from './arena.js';
import { ByteWriter } from './byte-writer.js';
import { READ_BYTES, RunReader, merged } from './merge.js';
import { pointAtRow, recordLength } from './record.js';
import { type Extent, RunFile } from './run-file.js';
import { type Slice, newSlice } from './slice.js';

/** What fits in here is sorted at once; more goes to a file in runs of this size. */
const ARENA_BYTES = 8 * 1_048_576;
const ARENA_RECORDS = 262_144;

/** Memory for reading runs while they are merged, in bytes. */
const MERGE_BYTES = 24 * 1_048_576;

const WRITE_BYTES = 256 * 1024;

export interface SorterOptions {
  /** Where the temporary file is made. */
  readonly folder: string;
  /** Only so many of the first rows are wanted. */
  readonly limit?: number | undefined;
  /** Bytes sorted at once; for tests. */
  readonly arenaBytes?: number;
}

/** Sorts more rows than fit into memory: an external merge sort. Equal rows keep their order. */
export class Sorter {
  private readonly arena: Arena;
  private readonly limit: number;
  private file: RunFile | undefined;
  private runs: Extent[] = [];
  private longest = 0;

  constructor(private readonly options: SorterOptions) {
    this.arena = new Arena(options.arenaBytes ?? ARENA_BYTES, ARENA_RECORDS);
    this.limit = options.limit ?? Infinity;
  }

  add(key: ByteWriter, row: ByteWriter): void {
    this.longest = Math.max(this.longest, key.length + row.length);
    if (this.arena.add(key, row)) return;
    this.writeArena();
    this.arena.add(key, row);
  }

  /** All rows in order; the slice is the same each time. Ends as soon as `limit` rows are out. */
  *sorted(): Generator<Slice> {
    const slice = newSlice();
    let left = this.limit;
    for (const { buffer, start } of this.records()) {
      if (left-- <= 0) return;
      pointAtRow(slice, buffer, start);
      yield slice;
    }
  }

  /** Frees the temporary file. */
  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private *records(): Generator<{ readonly buffer: Buffer; readonly start: number }> {
    if (!this.file) {
      for (const start of this.arena.sorted()) yield { buffer: this.arena.buffer, start };
      return;
    }
    if (this.arena.count > 0) this.writeArena();
    const most = Math.max(2, Math.floor(MERGE_BYTES / Math.max(READ_BYTES, this.longest)));
    while (this.runs.length > most) this.runs = this.mergeInGroups(this.file, most);
    yield* this.merge(this.file, this.runs);
  }

  private writeArena(): void {
    const { arena } = this;
    this.file ??= new RunFile(this.options.folder);
    const starts = arena.sorted();
    this.runs.push(this.write(this.file, records(arena.buffer, starts)));
    arena.clear();
  }

  /** Neighbours are merged, so that equal rows keep their order. */
  private mergeInGroups(file: RunFile, most: number): Extent[] {
    const longer: Extent[] = [];
    for (let n = 0; n < this.runs.length; n += most)
      longer.push(this.write(file, this.merge(file, this.runs.slice(n, n + most))));
    return longer;
  }

  private merge(file: RunFile, runs: readonly Extent[]): Generator<RunReader> {
    return merged(runs.map((extent, place) => new RunReader(file, extent, place)));
  }

  /** Appends a run, of as many rows as can be among the first. */
  private write(
    file: RunFile,
    sorted: Iterable<{ readonly buffer: Buffer; readonly start: number }>,
  ): Extent {
    const from = file.length;
    const out = new ByteWriter(WRITE_BYTES + this.longest + 64);
    const flush = () => {
      file.append({ buffer: out.buffer, start: 0, end: out.length });
      out.clear();
    };
    let left = this.limit;
    for (const { buffer, start } of sorted) {
      if (left-- <= 0) break;
      out.bytes(buffer, start, start + recordLength(buffer, start));
      if (out.length >= WRITE_BYTES) flush();
    }
    flush();
    return { from, to: file.length };
  }
}

function* records(buffer: Buffer, starts: Iterable<number>): Generator<{ buffer: Buffer; start: number }> {
  for (const start of starts) yield { buffer, start };
}
