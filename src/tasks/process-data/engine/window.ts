import { isUtf8 } from 'node:buffer';
import { DataError } from './data-error.js';

/** A row may have this many bytes. */
export const LONGEST_ROW = 1_048_576;

const LINE_FEED = 10;

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** The part of the input that is in memory: what was not read to the end of a row yet, and the bytes after it. */
export class Window {
  buffer = Buffer.allocUnsafeSlow(512 * 1024);
  /** Where the next row begins. */
  start = 0;
  end = 0;
  /** Nothing comes after this. */
  isLast = false;
  /** The line, counted from 1, that the next row begins in. */
  line = 1;
  /** Some row of it has bytes that are no text. */
  isSuspect = false;

  private isFirst = true;

  /** Takes the next bytes of the input and copies them; none and `isLast` at its end. */
  feed(bytes: Uint8Array, isLast: boolean): void {
    this.makeRoom(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
    this.isLast = isLast;
    if (this.isFirst && this.end > this.start) this.skipMark();
    this.check();
  }

  /** Why the bytes are no text, if they are none. */
  faultIn(start: number, end: number): string | undefined {
    if (!this.isSuspect) return undefined;
    const bytes = this.buffer.subarray(start, end);
    if (bytes.includes(0)) return 'holds a NUL character';
    return isUtf8(bytes) ? undefined : 'is not valid UTF-8';
  }

  /** @throws DataError when the row that begins at `start` and reaches beyond `end` is too long */
  limitRow(end: number): void {
    if (end - this.start <= LONGEST_ROW) return;
    throw new DataError(
      `Line ${this.line}: the row that begins here is longer than 1 MiB. Is a quote not closed, or is this another format?`,
    );
  }

  private makeRoom(bytes: number): void {
    const rest = this.end - this.start;
    if (rest + bytes > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(rest + bytes);
      this.buffer.copy(grown, 0, this.start, this.end);
      this.buffer = grown;
    } else this.buffer.copyWithin(0, this.start, this.end);
    this.start = 0;
    this.end = rest;
  }

  /** The byte order mark that some programs put first; it may arrive in pieces. */
  private skipMark(): void {
    const { buffer, start, end } = this;
    const isMark = (mark: Buffer) => buffer.subarray(start, end).equals(mark.subarray(0, end - start));
    if (end - start < UTF8_MARK.length && isMark(UTF8_MARK) && !this.isLast) return;
    this.isFirst = false;
    if (UTF16_MARKS.some((mark) => buffer.subarray(start, Math.min(end, start + 2)).equals(mark)))
      throw new DataError('The data is UTF-16: save it as UTF-8');
    if (buffer.subarray(start, Math.min(end, start + UTF8_MARK.length)).equals(UTF8_MARK))
      this.start += UTF8_MARK.length;
  }

  /** All complete lines at once, as that is a hundred times faster than one by one. */
  private check(): void {
    const lineEnd = this.isLast ? this.end : this.buffer.subarray(0, this.end).lastIndexOf(LINE_FEED) + 1;
    const lines = this.buffer.subarray(this.start, Math.max(lineEnd, this.start));
    this.isSuspect = !isUtf8(lines) || lines.includes(0);
  }
}
