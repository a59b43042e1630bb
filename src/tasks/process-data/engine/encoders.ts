import type { ByteWriter } from './byte-writer.js';
import type { JsonRows } from './json-rows.js';
import type { Row, RowReader } from './row.js';
import { type Slice, newSlice } from './slice.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const COMMA = 44;

/** A column of the output: where its value is read, and what it is called. */
export interface OutputColumn {
  readonly column: number;
  readonly name: string;
}

/** Writes a row and its line end. */
export type Encode = (row: Row, out: ByteWriter) => void;

/** Every row as it was read. */
export function encodeUnchanged(): Encode {
  const slice = newSlice();
  return (row, out) => {
    (row as RowReader).readRow(slice);
    out.slice(slice);
    out.byte(LINE_FEED);
  };
}

/** JSON objects with all their members, some under other names. */
export function encodeRenamed(rename: Readonly<Record<string, string>>): Encode {
  const names = new Map(Object.entries(rename));
  return (row, out) => {
    const members = Object.entries((row as JsonRows).object).map(
      ([name, value]) => `${JSON.stringify(names.get(name) ?? name)}:${JSON.stringify(value)}`,
    );
    out.text(`{${members.join()}}\n`);
  };
}

/** JSON objects with these members. */
export function encodeJson(columns: readonly OutputColumn[]): Encode {
  const keys = columns.map(({ name }, n) => `${n === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (row, out) => {
    let text = '';
    for (let n = 0; n < keys.length; n++) text += keys[n]! + row.json(columns[n]!.column);
    out.text(`${text}}\n`);
  };
}

/** CSV with these columns. */
export function encodeCsv(columns: readonly OutputColumn[], delimiter: string): Encode {
  const field = newSlice();
  const separator = delimiter.charCodeAt(0);
  return (row, out) => {
    for (let n = 0; n < columns.length; n++) {
      if (n > 0) out.byte(separator);
      row.read(columns[n]!.column, field);
      writeField(field, separator, out);
      // A line with nothing in it would be no row.
      if (columns.length === 1 && field.start === field.end) out.text('""');
    }
    out.byte(LINE_FEED);
  };
}

/** The line that names the columns. */
export function csvHeader(names: readonly string[], delimiter: string, out: ByteWriter): void {
  const separator = delimiter.charCodeAt(0);
  names.forEach((name, n) => {
    if (n > 0) out.byte(separator);
    const buffer = Buffer.from(name);
    writeField({ buffer, start: 0, end: buffer.length }, separator, out);
  });
  out.byte(LINE_FEED);
}

function writeField(field: Slice, separator: number, out: ByteWriter): void {
  const { buffer, start, end } = field;
  let at = start;
  while (at < end && !needsQuotes(buffer[at]!, separator)) at++;
  if (at === end) {
    out.slice(field);
    return;
  }
  out.byte(QUOTE);
  for (at = start; at < end; at++) {
    const byte = buffer[at]!;
    if (byte === QUOTE) out.byte(QUOTE);
    out.byte(byte);
  }
  out.byte(QUOTE);
}

function needsQuotes(byte: number, separator: number): boolean {
  // Nearly every byte is above all of these but a rare delimiter.
  if (byte > COMMA) return byte === separator;
  return byte === QUOTE || byte === separator || byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
