import type { Slice } from './slice.js';
import type { Window } from './window.js';

/** One row, whatever it was read from or made of. */
export interface Row {
  /** Points the slice at the text of a column; it holds until the next `read` or row. */
  read(column: number, slice: Slice): void;
  /** The value of a column as JSON. */
  json(column: number): string;
}

/** Reads one row after the other from a window: the reader is the row. */
export interface RowReader extends Row {
  readonly window: Window;
  /** The names of the columns, as far as the format or the first row tells them. */
  readonly columns: readonly string[];
  /** What is wrong with the present row; undefined = nothing. */
  readonly fault: string | undefined;
  /** The line, counted from 1, in which the present row begins. */
  readonly line: number;
  /**
   * Reads what stands before the rows; false when the window does not have it whole.
   * @throws DataError when it makes no sense
   */
  begin(): boolean;
  /** Goes on to the next row; false when the window has no further whole one. */
  next(): boolean;
  /**
   * The number under which a column is read.
   * @throws DataError when there is no such column
   */
  column(name: string): number;
  /** Points the slice at the row as it was written, without its line end. */
  readRow(slice: Slice): void;
}
