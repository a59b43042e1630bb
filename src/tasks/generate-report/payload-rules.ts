import { isUuid } from '../../common/index.js';
import { isJsonObject } from '../../common/json-object.js';

export const MOST_INLINE_ROWS = 10_000;

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
    return `rows holds ${rows.length} rows, and ${MOST_INLINE_ROWS} at most may be given: let a process_data job write them into a file and name it as job_id`;
  const wrong = rows.findIndex((row) => !isJsonObject(row));
  if (wrong >= 0) return `rows/${wrong} must be an object`;
  const isBare = columns === undefined && Object.keys((rows[0] as object | undefined) ?? {}).length === 0;
  return isBare ? 'rows names no field in its first row: say in columns what the report shows' : undefined;
}

export function jobFault(jobId: unknown, { rows }: Request): string | undefined {
  if (rows !== undefined) return 'rows and job_id exclude each other: leave one of them out';
  return typeof jobId === 'string' && isUuid(jobId) ? undefined : 'job_id must be the id of a job';
}

export function columnsFault(columns: unknown): string | undefined {
  const isEmpty = Array.isArray(columns) && columns.length === 0;
  return isEmpty
    ? 'columns must name one column at least; leave it out for all fields of the first row'
    : undefined;
}

/** What is wrong with an item by itself is said there. */
export function summaryFault(summary: unknown, { columns }: Request): string | undefined {
  const totals = membersOf(summary);
  const shown = columns === undefined ? undefined : membersOf(columns).map(({ field }) => field);
  const strange = totals.find(({ field }) => shown && !shown.includes(field));
  if (strange)
    return `summary names ${JSON.stringify(strange.field)}, which is no column of the report: add it to columns`;
  const keys = totals.map(({ field, op }) => JSON.stringify([field, op]));
  const twice = totals[keys.findIndex((key, at) => keys.indexOf(key) !== at)];
  return (
    twice && `summary asks for the ${String(twice.op)} of ${JSON.stringify(twice.field)} twice: leave one out`
  );
}

function membersOf(list: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}
