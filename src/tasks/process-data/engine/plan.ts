/** What a field is compared by. */
export const FILTER_OPERATORS = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'contains',
  'starts_with',
  'in',
  'exists',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export const AGGREGATE_OPERATORS = ['count', 'sum', 'avg', 'min', 'max', 'count_distinct'] as const;
export type AggregateOperator = (typeof AGGREGATE_OPERATORS)[number];

export type Format = 'csv' | 'jsonl';

export type FilterValue = string | number | boolean;

export interface Condition {
  readonly field: string;
  readonly op: FilterOperator;
  /** A list for `in`, true or false for `exists`. */
  readonly value: FilterValue | readonly FilterValue[];
}

export interface Aggregate {
  readonly op: AggregateOperator;
  /** Absent only where rows are counted. */
  readonly field: string | undefined;
  /** The name of its column. */
  readonly as: string;
}

export interface SortField {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

/** What is to be done with the rows, free of defaults and of doubt. */
export interface Plan {
  /** Undefined = as the first byte says. */
  readonly format: Format | undefined;
  /** One ASCII character. */
  readonly delimiter: string;
  readonly header: boolean;
  readonly onError: 'fail' | 'skip';
  readonly filter: readonly Condition[];
  /** Undefined = all columns. */
  readonly select: readonly string[] | undefined;
  /** New names of columns, by the old ones. */
  readonly rename: Readonly<Record<string, string>>;
  readonly groupBy: readonly string[];
  readonly aggregate: readonly Aggregate[];
  readonly sort: readonly SortField[];
  /** Undefined = all rows. */
  readonly limit: number | undefined;
  /** `inline`: as JSON in the answer. `file`: as a stream of bytes; without a format, in that of the input. */
  readonly output:
    { readonly kind: 'inline' } | { readonly kind: 'file'; readonly format: Format | undefined };
}

/** What became of the rows. */
export interface Outcome {
  /** The rows, one JSON object a line, when they were asked for inline. */
  readonly rows: string;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly rowsMatched: number;
  readonly rowsSkipped: number;
  readonly bytesRead: number;
  readonly columns: readonly string[];
  readonly format: Format;
  /** What was wrong with the first rows that were skipped. */
  readonly faults: readonly string[];
}
