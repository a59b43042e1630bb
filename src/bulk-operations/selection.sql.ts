import { firstIdAt } from '../common/index.js';
import type { JobStatus } from '../queue/index.js';
import type { BulkAction } from './bulk-action.js';
import type { JobFilter } from './job-filter.js';

/** The jobs that an operation is for. */
export interface Selection {
  readonly action: BulkAction;
  readonly filter: JobFilter;
  /** Only jobs accepted until then; absent = all. */
  readonly acceptedUntil?: Date;
  /** The operation's own job. */
  readonly except?: string;
}

/** Ids carry the time at which they were made, which lies at most this far from the time of acceptance. */
const ID_SLACK_MS = 60_000;

/** Hands out a placeholder for each value. */
type Placeholders = (value: unknown) => string;

/**
 * The next jobs of a selection, by id, after an id. Each status is looked up in an index of its own choice and the
 * results are merged, so that a job that changes its status between two steps is not missed: in every step it is
 * in one of them.
 */
export function selectNext(selection: Selection, after: string | null, limit: number) {
  const values: unknown[] = [];
  const put: Placeholders = (value) => `$${values.push(value)}`;
  const branches = selection.filter.status.map(
    (status) => `(${branch(selection, status, after, limit, put)})`,
  );
  const text = `SELECT id FROM (${branches.join(' UNION ALL ')}) AS candidates ORDER BY id LIMIT ${put(limit)}`;
  return { text, values };
}

/** The same, counted: how many there are among the next `limit`, and the last of them. */
export function countNext(selection: Selection, after: string | null, limit: number) {
  const { text, values } = selectNext(selection, after, limit);
  const last = '(array_agg(id ORDER BY id DESC))[1]';
  return { text: `SELECT count(*)::integer AS count, ${last} AS last FROM (${text}) AS page`, values };
}

function branch(
  selection: Selection,
  status: JobStatus,
  after: string | null,
  limit: number,
  put: Placeholders,
): string {
  const { filter, acceptedUntil, except } = selection;
  const conditions = [
    `j.status = '${status}'`,
    ...filterConditions(filter, put),
    ...actionConditions(selection.action, status),
    ...(acceptedUntil ? acceptedBefore(`<= ${put(acceptedUntil)}`, acceptedUntil, put) : []),
    ...(except ? [`j.id <> ${put(except)}`] : []),
  ];
  const { order, range } = walk(status, filter, after, put);
  const where = [...range, ...conditions].join(' AND ');
  return `SELECT j.id FROM jobs j WHERE ${where} ORDER BY ${order} LIMIT ${put(limit)}`;
}

/** Along an index, from an id on. A range leaves the planner no way but that index; with = it may walk along all ids. */
function walk(status: JobStatus, filter: JobFilter, after: string | null, put: Placeholders) {
  const last = after === null ? undefined : `${put(after)}::uuid`;
  if (filter.job_ids) return { order: 'j.id', range: last ? [`j.id > ${last}`] : [] };
  const [column, value] = indexed(status, filter, put);
  const range = [`${column} >= ${value} AND ${column} <= ${value}`];
  if (last) range.push(`(${column}, j.id) > (${value}, ${last})`);
  return { order: `${column}, j.id`, range };
}

/** The index to walk along: of COMPLETED jobs there may be millions, of all others there are few. */
function indexed(
  status: JobStatus,
  filter: JobFilter,
  put: Placeholders,
): readonly [column: string, value: string] {
  const { lock, fingerprint, type, queue } = filter;
  if (lock !== undefined) return ['hashtextextended(j.lock, 0)', `hashtextextended(${put(lock)}::text, 0)`];
  if (fingerprint !== undefined) return ['j.error_fingerprint', `${put(fingerprint)}::text`];
  if (status === 'COMPLETED' && type !== undefined) return ['j.type', `${put(type)}::text`];
  if (status === 'COMPLETED' && queue !== undefined) return ['j.queue', `${put(queue)}::text`];
  return ['j.status', `'${status}'::job_status`];
}

function filterConditions(filter: JobFilter, put: Placeholders): string[] {
  const conditions: string[] = [];
  const { type, queue, tag, lock, job_ids: ids } = filter;
  if (type !== undefined) conditions.push(`j.type = ${put(type)}`);
  if (queue !== undefined) conditions.push(`j.queue = ${put(queue)}`);
  if (tag !== undefined) conditions.push(`${put(tag)} = ANY(j.tags)`);
  if (lock !== undefined) conditions.push(`j.lock = ${put(lock)}`);
  if (ids !== undefined) conditions.push(`j.id = ANY(${put(ids)}::uuid[])`);
  return [...conditions, ...timeConditions(filter, put)];
}

function timeConditions(filter: JobFilter, put: Placeholders): string[] {
  const conditions: string[] = [];
  const { created_after: after, created_before: before } = filter;
  if (after !== undefined) {
    const firstId = firstIdAt(new Date(Date.parse(after) - ID_SLACK_MS));
    conditions.push(`j.created_at >= ${put(after)}`, `j.id >= ${put(firstId)}`);
  }
  if (before !== undefined) conditions.push(...acceptedBefore(`< ${put(before)}`, new Date(before), put));
  const failedAt = 'coalesce(j.finished_at, j.updated_at)';
  if (filter.failed_after !== undefined) conditions.push(`${failedAt} >= ${put(filter.failed_after)}`);
  if (filter.failed_before !== undefined) conditions.push(`${failedAt} < ${put(filter.failed_before)}`);
  return conditions;
}

function acceptedBefore(bound: string, time: Date, put: Placeholders): string[] {
  const lastId = firstIdAt(new Date(time.getTime() + ID_SLACK_MS));
  return [`j.created_at ${bound}`, `j.id < ${put(lastId)}`];
}

/** What an action would not change needs no count: a job that is being cancelled, or whose time has come. */
function actionConditions(action: BulkAction, status: JobStatus): string[] {
  if (action === 'cancel' && status === 'PROCESSING') return ['j.cancel_requested_at IS NULL'];
  if (action === 'run_now') return ['j.scheduled_at > now()'];
  return [];
}
