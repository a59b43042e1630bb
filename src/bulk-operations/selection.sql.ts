import { firstIdAt } from '../common/index.js';
import { type JobStatus, walkKinds, walkRunning } from '../queue/index.js';
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
  const ids = idRange(selection, after);
  const conditions = [
    ...filterConditions(filter, put),
    ...actionConditions(selection.action, status),
    ...(acceptedUntil ? [`j.created_at <= ${put(acceptedUntil)}`] : []),
    ...(except ? [`j.id <> ${put(except)}`] : []),
  ];
  const { job_ids: named, lock, fingerprint } = filter;
  const most = put(limit);
  const isOf = (alias: 'j' | 'k') => kindConditions(alias, status, filter, put);
  const alongIds = () => walkIds([...isOf('j'), ...conditions], ids, most, put);
  const along = (expression: string, value: string) =>
    walkIndex({ expression, value }, [...isOf('j'), ...conditions], ids, most, put);
  if (named) return alongIds();
  if (lock !== undefined)
    return along('hashtextextended(j.lock, 0)', `hashtextextended(${put(lock)}::text, 0)`);
  if (fingerprint !== undefined) return along('j.error_fingerprint', `${put(fingerprint)}::text`);
  const walk = status === 'PROCESSING' ? walkRunning : walkKinds;
  return walk({
    kinds: isOf('k'),
    jobs: conditions,
    order: 'ASC',
    limit: most,
    ...(ids.after === undefined ? {} : { after: `${put(ids.after)}::uuid` }),
    ...(ids.before === undefined ? {} : { before: `${put(ids.before)}::uuid` }),
  });
}

interface Ids {
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** Ids tell roughly when their jobs were accepted. */
function idRange({ filter, acceptedUntil }: Selection, after: string | null): Ids {
  const { created_after, created_before } = filter;
  const first = created_after && firstIdAt(new Date(Date.parse(created_after) - ID_SLACK_MS));
  const ends = [
    created_before === undefined ? undefined : Date.parse(created_before),
    acceptedUntil?.getTime(),
  ];
  const last = Math.min(...ends.map((end) => (end ?? Infinity) + ID_SLACK_MS));
  return {
    after: [first, after]
      .flatMap((id) => id ?? [])
      .sort()
      .at(-1),
    before: Number.isFinite(last) ? firstIdAt(new Date(last)) : undefined,
  };
}

function walkIds(conditions: readonly string[], { after, before }: Ids, most: string, put: Placeholders) {
  const range = [
    ...(after ? [`j.id > ${put(after)}::uuid`] : []),
    ...(before ? [`j.id < ${put(before)}::uuid`] : []),
  ];
  return `SELECT j.id FROM jobs j WHERE ${[...range, ...conditions].join(' AND ')} ORDER BY j.id LIMIT ${most}`;
}

/** A range leaves the planner no way but the index of the expression; with = it may walk along all ids. */
function walkIndex(
  { expression, value }: { expression: string; value: string },
  conditions: readonly string[],
  { after, before }: Ids,
  most: string,
  put: Placeholders,
) {
  const range = [
    after ? `(${expression}, j.id) > (${value}, ${put(after)}::uuid)` : `${expression} >= ${value}`,
    before ? `(${expression}, j.id) < (${value}, ${put(before)}::uuid)` : `${expression} <= ${value}`,
  ];
  return `SELECT j.id FROM jobs j WHERE ${[...range, ...conditions].join(' AND ')} ORDER BY ${expression}, j.id LIMIT ${most}`;
}

function kindConditions(
  alias: 'j' | 'k',
  status: JobStatus,
  { type, queue }: JobFilter,
  put: Placeholders,
): string[] {
  return [
    `${alias}.status = '${status}'`,
    ...(type === undefined ? [] : [`${alias}.type = ${put(type)}`]),
    ...(queue === undefined ? [] : [`${alias}.queue = ${put(queue)}`]),
  ];
}

function filterConditions(filter: JobFilter, put: Placeholders): string[] {
  const conditions: string[] = [];
  const { tag, lock, job_ids: ids } = filter;
  if (tag !== undefined) conditions.push(`${put(tag)} = ANY(j.tags)`);
  if (lock !== undefined) conditions.push(`j.lock = ${put(lock)}`);
  if (ids !== undefined) conditions.push(`j.id = ANY(${put(ids)}::uuid[])`);
  return [...conditions, ...timeConditions(filter, put)];
}

function timeConditions(filter: JobFilter, put: Placeholders): string[] {
  const conditions: string[] = [];
  const { created_after: after, created_before: before } = filter;
  if (after !== undefined) conditions.push(`j.created_at >= ${put(after)}`);
  if (before !== undefined) conditions.push(`j.created_at < ${put(before)}`);
  const failedAt = 'coalesce(j.finished_at, j.updated_at)';
  if (filter.failed_after !== undefined) conditions.push(`${failedAt} >= ${put(filter.failed_after)}`);
  if (filter.failed_before !== undefined) conditions.push(`${failedAt} < ${put(filter.failed_before)}`);
  return conditions;
}

/** What an action would not change needs no count: a job that is being cancelled, or whose time has come. */
function actionConditions(action: BulkAction, status: JobStatus): string[] {
  if (action === 'cancel' && status === 'PROCESSING') return ['j.cancel_requested_at IS NULL'];
  if (action === 'run_now') return ['j.scheduled_at > now()'];
  return [];
}
