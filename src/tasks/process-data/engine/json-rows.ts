import { isJsonObject } from '../../../common/json-object.js';
import { ByteWriter } from './byte-writer.js';
import type { RowReader } from './row.js';
import type { Slice } from './slice.js';
import type { Window } from './window.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;

/** Rows whose members are told as columns, and how many members. */
const ROWS_LOOKED_AT = 1_000;
const MOST_MEMBERS = 1_000;

type JsonObject = Record<string, unknown>;

/** The rows of JSON Lines: an object a line. */
export class JsonRows implements RowReader {
  fault: string | undefined;
  line = 1;
  /** The present row. */
  object: JsonObject = {};

  private readonly names: string[] = [];
  private readonly text = new ByteWriter(4_096);
  private rowStart = 0;
  private rowEnd = 0;

  private readonly members = new Set<string>();
  private rowsSeen = 0;

  constructor(readonly window: Window) {}

  /** The members of the first rows. */
  get columns(): readonly string[] {
    return [...this.members];
  }

  begin(): boolean {
    return true;
  }

  next(): boolean {
    const { window } = this;
    do {
      if (window.start >= window.end) return false;
      const found = window.buffer.subarray(0, window.end).indexOf(LINE_FEED, window.start);
      this.rowEnd = found < 0 ? window.end : found;
      window.limitRow(this.rowEnd);
      if (found < 0 && !window.isLast) return false;
      this.rowStart = window.start;
      this.line = window.line++;
      window.start = found < 0 ? window.end : found + 1;
      this.trim();
    } while (this.rowStart === this.rowEnd);
    this.fault = window.faultIn(this.rowStart, this.rowEnd);
    if (this.fault === undefined) this.parse();
    if (this.rowsSeen++ < ROWS_LOOKED_AT) this.noteMembers();
    return true;
  }

  /** Any name may turn up in a row; one with points also leads into objects. */
  column(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }

  read(column: number, slice: Slice): void {
    const value = valueAt(this.object, this.names[column]!);
    this.text.clear();
    if (typeof value === 'string') this.text.text(value);
    else if (value !== null && value !== undefined) this.text.text(JSON.stringify(value));
    slice.buffer = this.text.buffer;
    slice.start = 0;
    slice.end = this.text.length;
  }

  json(column: number): string {
    return JSON.stringify(valueAt(this.object, this.names[column]!) ?? null);
  }

  readRow(slice: Slice): void {
    slice.buffer = this.window.buffer;
    slice.start = this.rowStart;
    slice.end = this.rowEnd;
  }

  private noteMembers(): void {
    for (const name of Object.keys(this.object)) if (this.members.size < MOST_MEMBERS) this.members.add(name);
  }

  private parse(): void {
    try {
      const value: unknown = JSON.parse(this.window.buffer.toString('utf8', this.rowStart, this.rowEnd));
      if (isJsonObject(value)) this.object = value;
      else this.fault = 'is not a JSON object';
    } catch {
      this.fault = 'is not valid JSON';
    }
  }

  private trim(): void {
    const { buffer } = this.window;
    while (this.rowEnd > this.rowStart && isBlank(buffer[this.rowEnd - 1]!)) this.rowEnd--;
    while (this.rowStart < this.rowEnd && isBlank(buffer[this.rowStart]!)) this.rowStart++;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

/** The member of that name, or what the names between the points lead to. */
function valueAt(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  if (!name.includes('.')) return undefined;
  let value: unknown = object;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value;
}
