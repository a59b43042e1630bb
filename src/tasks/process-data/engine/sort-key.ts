import type { ByteWriter } from './byte-writer.js';
import { AFTER_NUMBERS, writeDecimal } from './decimal.js';
import type { Row } from './row.js';
import { type Slice, isEmpty, newSlice } from './slice.js';

/** Texts are sorted by this many bytes. */
const LONGEST_TEXT = 1_024;

const EMPTY = 255;

/** A column that rows are sorted by. */
export interface KeyColumn {
  readonly column: number;
  readonly isDescending: boolean;
}

/** Writes what a row is sorted by in such a way that comparing bytes compares rows. */
export class SortKey {
  private readonly value = newSlice();

  constructor(private readonly columns: readonly KeyColumn[]) {}

  write(row: Row, out: ByteWriter): void {
    for (const { column, isDescending } of this.columns) {
      row.read(column, this.value);
      writeKey(this.value, isDescending, out);
    }
  }
}

/** Numbers by value, then texts by their UTF-8 bytes; descending the other way round. What is empty is always last. */
export function writeKey(value: Slice, isDescending: boolean, out: ByteWriter): void {
  if (isEmpty(value)) {
    out.byte(EMPTY);
    return;
  }
  const from = out.length;
  if (!writeDecimal(value, out)) writeText(value, out);
  if (isDescending) for (let at = from; at < out.length; at++) out.buffer[at]! ^= 255;
}

/** 255 is no byte of UTF-8, so each byte can be one more than it is, and 0 ends the text. */
function writeText({ buffer, start, end }: Slice, out: ByteWriter): void {
  out.byte(AFTER_NUMBERS);
  const to = Math.min(end, start + LONGEST_TEXT);
  for (let at = start; at < to; at++) out.byte(buffer[at]! + 1);
  out.byte(0);
}
