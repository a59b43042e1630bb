import { isUuid } from '../../common/index.js';
import { ALIGNMENTS, MOST_COLUMNS, TOTAL_OPS, VALUE_FORMATS } from './report.js';

export const MOST_INLINE_ROWS = 10_000;
const LONGEST_NAME = 200;

type Members = Readonly<Record<string, unknown>>;

/** What is asked for, before it is known to be right. */
interface Request {
  readonly rows?: unknown;
  readonly columns?: unknown;
  readonly job_id?: unknown;
}

export function rowsFault(rows: unknown, { job_id, columns }: Request): string | undefined {
  if (rows === undefined && job_id === undefined)
    return 'Give either rows, a list of objects, or job_id, the job that made them';
  if (!Array.isArray(rows)) return 'rows must be a list of objects';
  if (rows.length > MOST_INLINE_ROWS)
    return `rows holds ${rows.length} rows, and ${MOST_INLINE_ROWS} at most may be given: let a process_data job write more into a file and name it as job_id`;
  const wrong = rows.findIndex((row) => !isObject(row));
  if (wrong >= 0) return `rows/${wrong} must be an object`;
  const isBare = columns === undefined && Object.keys((rows[0] as object | undefined) ?? {}).length === 0;
  return isBare ? 'rows names no field in its first row: say in columns what the report shows' : undefined;
}

export function jobFault(jobId: unknown, { rows }: Request): string | undefined {
  if (rows !== undefined) return 'rows and job_id exclude each other: leave one of them out';
  return typeof jobId === 'string' && isUuid(jobId) ? undefined : 'job_id must be the id of a job';
}

export function columnsFault(columns: unknown): string | undefined {
  if (!Array.isArray(columns) || columns.length === 0 || columns.length > MOST_COLUMNS)
    return `columns must be a list of 1 to ${MOST_COLUMNS} columns such as {"field": "amount"}`;
  for (const [at, column] of columns.entries()) {
    const fault = columnFault(column);
    if (fault) return `columns/${at}${fault}`;
  }
  return undefined;
}

function columnFault(column: unknown): string | undefined {
  if (!isObject(column)) return ' must be an object such as {"field": "amount"}';
  const { field, label, align, format, ...others } = column;
  if (!isName(field)) return `/field must be a text of 1 to ${LONGEST_NAME} characters`;
  if (label !== undefined && !isText(label))
    return `/label must be a text of at most ${LONGEST_NAME} characters`;
  if (align !== undefined && !isOneOf(ALIGNMENTS, align))
    return `/align must be one of ${ALIGNMENTS.join(', ')}`;
  if (format !== undefined && !isOneOf(VALUE_FORMATS, format))
    return `/format must be one of ${VALUE_FORMATS.join(', ')}`;
  return unknownFault(others, 'field, label, align and format');
}

export function summaryFault(summary: unknown, { columns }: Request): string | undefined {
  if (!Array.isArray(summary) || summary.length > MOST_COLUMNS)
    return 'summary must be a list of figures such as {"field": "amount", "op": "sum"}';
  const shown = Array.isArray(columns)
    ? columns.map((column: unknown) => isObject(column) && column.field)
    : null;
  const seen = new Set<string>();
  for (const [at, total] of summary.entries()) {
    const fault = totalFault(total, shown);
    if (fault) return `summary/${at}${fault}`;
    const { field, op } = total as { field: string; op: string };
    const key = JSON.stringify([field, op]);
    if (seen.has(key)) return `summary/${at} asks for the ${op} of "${field}" a second time: leave it out`;
    seen.add(key);
  }
  return undefined;
}

function totalFault(total: unknown, shown: readonly unknown[] | null): string | undefined {
  if (!isObject(total)) return ' must be an object such as {"field": "amount", "op": "sum"}';
  const { field, op, ...others } = total;
  if (!isName(field)) return `/field must be a text of 1 to ${LONGEST_NAME} characters`;
  if (shown && !shown.includes(field))
    return `/field is "${field}", which is no column of the report: add it to columns`;
  if (!isOneOf(TOTAL_OPS, op)) return `/op must be one of ${TOTAL_OPS.join(', ')}`;
  return unknownFault(others, 'field and op');
}

function unknownFault(others: Members, known: string): string | undefined {
  const [name] = Object.keys(others);
  return name === undefined ? undefined : ` has no "${name}": there are ${known}`;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NAME;
}

function isName(value: unknown): value is string {
  return isText(value) && value !== '';
}

function isOneOf(choices: readonly string[], value: unknown): boolean {
  return choices.some((choice) => choice === value);
}
