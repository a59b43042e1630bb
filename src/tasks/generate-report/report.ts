/** One thing to report on: its fields by name. */
export type Row = Readonly<Record<string, unknown>>;

export const FILE_FORMATS = ['csv', 'xlsx', 'pdf'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** How the values of a column are read and shown. */
export const VALUE_FORMATS = ['text', 'integer', 'decimal', 'percent', 'date'] as const;
export type ValueFormat = (typeof VALUE_FORMATS)[number];

export const ALIGNMENTS = ['left', 'center', 'right'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export const TOTAL_OPS = ['sum', 'avg', 'count'] as const;
export type TotalOp = (typeof TOTAL_OPS)[number];

export interface Column {
  readonly field: string;
  readonly label: string;
  /** None: numbers to the right, everything else to the left. */
  readonly align?: Alignment;
  /** None: each value as what it is. */
  readonly format?: ValueFormat;
}

/** A column as it is asked for; its label is its field unless it has one. */
export type ColumnRequest = Pick<Column, 'field'> & Partial<Column>;

/** A figure under a column. */
export interface Total {
  readonly field: string;
  readonly op: TotalOp;
}

/** A value as it stands in a report; null = nothing. */
export type Cell = string | number | boolean | Date | null;

/** What every format is written from. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  /** The first rows, at most 200, to choose widths by. */
  readonly sample: readonly (readonly Cell[])[];
  /** All rows, to be read once. */
  readonly body: AsyncIterable<readonly Cell[]>;
  /** The rows under the table; complete when the body has been read. */
  totals(): readonly (readonly Cell[])[];
}

/** A file on its way. */
export interface Rendered {
  readonly content: AsyncIterable<Uint8Array>;
  /** Where the format has pages. */
  readonly pages?: number;
}

/** Rows that a file of each format takes; more are a permanent failure. */
export const MOST_ROWS: Readonly<Record<FileFormat, number>> = { csv: 200_000, xlsx: 200_000, pdf: 20_000 };

export const MOST_COLUMNS = 200;
