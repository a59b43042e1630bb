import { DataError } from './data-error.js';
import type { Window } from './window.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;

/** A row may have this many fields. */
const MOST_FIELDS = 16_384;

/** How a field was written. */
export const PLAIN = 0;
export const QUOTED = 1;
/** Quoted, with quotes in it that are written twice. */
export const ESCAPED = 2;

/** Finds the rows of RFC 4180 and their fields, in place: nothing is copied and no text is made. */
export class CsvScanner {
  /** Where the fields of the present row begin and end, without their quotes. */
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);
  readonly kinds = new Uint8Array(MOST_FIELDS);
  fields = 0;
  rowStart = 0;
  rowEnd = 0;
  line = 1;
  fault: string | undefined;

  /** The bytes that may end an unquoted field, or must not be in one. */
  private readonly isSpecial = new Uint8Array(256);
  private at = 0;
  private lineFeeds = 0;

  constructor(
    readonly window: Window,
    private readonly delimiter: number,
  ) {
    for (const byte of [delimiter, LINE_FEED, CARRIAGE_RETURN, QUOTE]) this.isSpecial[byte] = 1;
  }

  /** Goes on to the next row that is not blank; false when the window has no further whole one. */
  next(): boolean {
    const { window } = this;
    this.skipBlankLines();
    if (window.start >= window.end) return false;
    this.at = this.rowStart = window.start;
    this.line = window.line;
    this.lineFeeds = 0;
    this.fields = 0;
    this.fault = undefined;
    for (;;) {
      const isQuoted = window.buffer[this.at] === QUOTE && this.at < window.end;
      const isWhole = isQuoted ? this.quoted() : this.plain();
      if (!isWhole) return this.isCutOff();
      if (this.hasFault) return this.leaveFaultyRow();
      if (this.at >= window.end || window.buffer[this.at] !== this.delimiter) return this.endRow();
      this.at++;
    }
  }

  /** Reads the row that was found last once more. */
  unread(): void {
    this.window.start = this.rowStart;
    this.window.line = this.line;
  }

  private get hasFault(): boolean {
    return this.fault !== undefined;
  }

  private skipBlankLines(): void {
    const { window } = this;
    const { buffer, end } = window;
    for (;;) {
      const { start } = window;
      const isFeed = buffer[start] === LINE_FEED && start < end;
      const isPair = buffer[start] === CARRIAGE_RETURN && start + 1 < end && buffer[start + 1] === LINE_FEED;
      if (!isFeed && !isPair) return;
      window.start += isFeed ? 1 : 2;
      window.line++;
    }
  }

  /** A field without quotes, up to what ends it; false when the window ends before that. */
  private plain(): boolean {
    const { buffer, end, isLast } = this.window;
    const { isSpecial } = this;
    const start = this.at;
    let at = start;
    while (at < end && isSpecial[buffer[at]!] === 0) at++;
    this.at = at;
    if (at >= end && !isLast) return false;
    this.add(start, at, PLAIN);
    if (at < end && buffer[at] === QUOTE)
      this.fault =
        'has a quote inside a field that does not begin with one: quote the field, and write its quotes twice';
    return this.endsWell();
  }

  /** A field in quotes, up to what follows them. */
  private quoted(): boolean {
    const { buffer, end, isLast } = this.window;
    const start = this.at + 1;
    let at = start;
    let kind = QUOTED;
    for (;;) {
      let byte = 0;
      while (at < end && (byte = buffer[at]!) !== QUOTE) {
        if (byte === LINE_FEED) this.lineFeeds++;
        at++;
      }
      if (at >= end || (at + 1 >= end && !isLast)) return false;
      if (at + 1 >= end || buffer[at + 1] !== QUOTE) break;
      kind = ESCAPED;
      at += 2;
    }
    this.add(start, at, kind);
    this.at = ++at;
    const byte = buffer[at];
    if (at < end && byte !== this.delimiter && byte !== LINE_FEED && byte !== CARRIAGE_RETURN)
      this.fault = 'has text after a closing quote: write quotes inside a field twice';
    return this.endsWell();
  }

  /** A carriage return belongs to the line feed after it. */
  private endsWell(): boolean {
    const { buffer, end, isLast } = this.window;
    if (this.fault !== undefined || this.at >= end || buffer[this.at] !== CARRIAGE_RETURN) return true;
    if (this.at + 1 >= end && !isLast) return false;
    if (this.at + 1 < end && buffer[this.at + 1] !== LINE_FEED)
      this.fault =
        'has a carriage return without a line feed: end lines with LF or CR LF, and quote fields that hold one';
    return true;
  }

  private add(start: number, end: number, kind: number): void {
    const field = this.fields++;
    if (field >= MOST_FIELDS)
      throw new DataError(`Line ${this.line}: more than 16,384 fields. Is the delimiter right?`);
    this.starts[field] = start;
    this.ends[field] = end;
    this.kinds[field] = kind;
  }

  private endRow(): boolean {
    const { window } = this;
    this.rowEnd = this.at;
    window.limitRow(this.at);
    if (this.at < window.end) {
      this.at += window.buffer[this.at] === CARRIAGE_RETURN ? 2 : 1;
      this.lineFeeds++;
    }
    window.start = Math.min(this.at, window.end);
    window.line += this.lineFeeds;
    return true;
  }

  /** Reading goes on in the line after the one where the row went wrong. */
  private leaveFaultyRow(): boolean {
    const { window } = this;
    const found = window.buffer.subarray(0, window.end).indexOf(LINE_FEED, this.at);
    if (found < 0 && !window.isLast) return this.isCutOff();
    this.at = found < 0 ? window.end : found;
    return this.endRow();
  }

  /** At the end of the input only a quote can be open. */
  private isCutOff(): false {
    this.window.limitRow(this.window.end);
    if (this.window.isLast)
      throw new DataError(
        `Line ${this.line}: a quote is opened in the row that begins here and never closed`,
      );
    return false;
  }
}
