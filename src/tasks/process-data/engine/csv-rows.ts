import { didYouMean } from '../../../common/nearest.js';
import { ByteWriter } from './byte-writer.js';
import { CsvScanner, ESCAPED } from './csv-scanner.js';
import { DataError } from './data-error.js';
import type { RowReader } from './row.js';
import { type Slice, newSlice, textOf } from './slice.js';
import type { Window } from './window.js';

const QUOTE = 34;

/** How CSV is written. */
export interface CsvOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  /** Whether the first row names the columns; otherwise they are column_1, column_2, … */
  readonly header: boolean;
}

/** The rows of CSV. */
export class CsvRows implements RowReader {
  columns: readonly string[] = [];
  fault: string | undefined;

  private readonly scanner: CsvScanner;
  private readonly unescaped = new ByteWriter(1_024);
  private readonly slice = newSlice();

  constructor(
    readonly window: Window,
    private readonly options: CsvOptions,
  ) {
    this.scanner = new CsvScanner(window, options.delimiter.charCodeAt(0));
  }

  get line(): number {
    return this.scanner.line;
  }

  begin(): boolean {
    const { scanner, window } = this;
    if (!scanner.next()) {
      if (window.isLast && this.options.header)
        throw new DataError(
          'The data is empty: its first line must name the columns, or header must be false',
        );
      return window.isLast;
    }
    const fault = scanner.fault ?? window.faultIn(scanner.rowStart, scanner.rowEnd);
    if (fault !== undefined) throw new DataError(`Line ${scanner.line}, the first row, ${fault}`);
    this.columns = Array.from({ length: scanner.fields }, (_, column) => this.nameOf(column));
    if (!this.options.header) scanner.unread();
    this.refuseSameNames();
    return true;
  }

  next(): boolean {
    const { scanner } = this;
    if (!scanner.next()) return false;
    this.fault = scanner.fault;
    if (this.window.isSuspect) this.fault ??= this.window.faultIn(scanner.rowStart, scanner.rowEnd);
    if (this.fault === undefined && scanner.fields !== this.columns.length)
      this.fault = `has ${counted(scanner.fields)} where the first row has ${this.columns.length}`;
    return true;
  }

  column(name: string): number {
    const column = this.columns.indexOf(name);
    if (column >= 0) return column;
    const known = this.columns.slice(0, 20).join(', ') + (this.columns.length > 20 ? ', …' : '');
    throw new DataError(
      `There is no column "${name}".${didYouMean(name, this.columns)} The columns are: ${known}`,
    );
  }

  read(column: number, slice: Slice): void {
    const { starts, ends, kinds } = this.scanner;
    slice.buffer = this.window.buffer;
    slice.start = starts[column]!;
    slice.end = ends[column]!;
    if (kinds[column] === ESCAPED) this.unescape(slice);
  }

  json(column: number): string {
    this.read(column, this.slice);
    return JSON.stringify(textOf(this.slice));
  }

  readRow(slice: Slice): void {
    slice.buffer = this.window.buffer;
    slice.start = this.scanner.rowStart;
    slice.end = this.scanner.rowEnd;
  }

  private nameOf(column: number): string {
    this.read(column, this.slice);
    return (this.options.header && textOf(this.slice)) || `column_${column + 1}`;
  }

  private refuseSameNames(): void {
    const twice = this.columns.find((name, column) => this.columns.indexOf(name) !== column);
    if (twice !== undefined)
      throw new DataError(
        `Two columns are called "${twice}": rename one, or leave the names out and say header: false`,
      );
  }

  private unescape(slice: Slice): void {
    const { unescaped } = this;
    unescaped.clear();
    for (let at = slice.start; at < slice.end; at++) {
      const byte = slice.buffer[at]!;
      unescaped.byte(byte);
      if (byte === QUOTE) at++;
    }
    slice.buffer = unescaped.buffer;
    slice.start = 0;
    slice.end = unescaped.length;
  }
}

function counted(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`;
}
