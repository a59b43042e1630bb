import { walkKinds, walkRunning } from '../../queue/index.js';
import type { AlongKinds, JobFilter } from './job-filter.js';
import { Parameters } from './parameters.js';

/** The ids of the jobs of an idempotency key ($1); callers may have the same one, each for a job of its own. */
export const SELECT_KEY_HOLDERS = `
  SELECT job_id AS id FROM job_keys WHERE kind = 'idempotency' AND key = $1 LIMIT 1000`;

/** How long ($1, ms) each statement of this transaction may take. */
export const LIMIT_TIME = `SELECT set_config('statement_timeout', $1, true)`;

/** Part of a way: how many jobs were passed, the last of them, and those that satisfy the conditions. */
export interface Stretch {
  readonly passed: number;
  readonly last: string | null;
  readonly ids: string[];
}

/** Which stretch of the way. */
interface Wanted {
  /** The job that was passed last. */
  readonly before: string | undefined;
  /** How many jobs to pass. */
  readonly length: number;
  /** How many to find. */
  readonly most: number;
}

/**
 * The next `length` jobs along the filter's index before the job `before`, and the first `most` of them that satisfy
 * its conditions, the newest first.
 */
export function selectStretch(filter: JobFilter, { before, length, most }: Wanted) {
  const parameters = new Parameters();
  const ids = { from: filter.from, before: earlier(filter.before, before), length };
  const way =
    filter.along && 'kinds' in filter.along
      ? alongKinds(filter.along, ids, parameters)
      : alongIndex(filter, ids, parameters);
  const tests = filter.conditions.map((condition) => condition(parameters)).join(' AND ');
  const text = `
    WITH way AS MATERIALIZED (${way}),
    stretch AS MATERIALIZED (
      ${tests ? `SELECT job.id, ${tests} AS belongs FROM way JOIN jobs job ON job.id = way.id` : 'SELECT id, true AS belongs FROM way'})
    SELECT (SELECT count(*) FROM stretch)::integer AS passed,
           (SELECT id FROM stretch ORDER BY id LIMIT 1) AS last,
           ARRAY(SELECT id FROM stretch WHERE belongs ORDER BY id DESC LIMIT ${parameters.add(most)}) AS ids`;
  return { text, values: parameters.values };
}

interface Ids {
  readonly from: string | undefined;
  readonly before: string | undefined;
  readonly length: number;
}

/**
 * A range instead of `=` and the expression in the order leave the planner no way but that index; with `=` it walks
 * along the ids, past a million others when the jobs asked for are all old.
 */
function alongIndex({ along, bounds }: JobFilter, { from, before, length }: Ids, parameters: Parameters) {
  const conditions = bounds.map((bound) => bound(parameters));
  const order = ['job.id DESC'];
  const first = from === undefined ? undefined : parameters.add(from);
  const last = before === undefined ? undefined : parameters.add(before);
  if (along && 'expression' in along) {
    const { expression } = along;
    const value = along.value(parameters);
    conditions.push(
      first ? `(${expression}, job.id) >= (${value}, ${first})` : `${expression} >= ${value}`,
      last ? `(${expression}, job.id) < (${value}, ${last})` : `${expression} <= ${value}`,
    );
    order.unshift(`${expression} DESC`);
  } else conditions.push(...(first ? [`job.id >= ${first}`] : []), ...(last ? [`job.id < ${last}`] : []));
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return `SELECT job.id FROM jobs job ${where} ORDER BY ${order.join(', ')} LIMIT ${parameters.add(length)}`;
}

function alongKinds({ kinds, running }: AlongKinds, { from, before, length }: Ids, parameters: Parameters) {
  const limit = parameters.add(length);
  const walk = {
    kinds: kinds.map((kind) => kind(parameters)),
    order: 'DESC',
    limit,
    ...(from === undefined ? {} : { from: parameters.add(from) }),
    ...(before === undefined ? {} : { before: parameters.add(before) }),
  } as const;
  const ways = [
    ...(running === 'only' ? [] : [walkKinds(walk)]),
    ...(running === 'never' ? [] : [walkRunning(walk)]),
  ];
  return `SELECT id FROM (${ways.map((way) => `(${way})`).join(' UNION ALL ')}) AS ways ORDER BY id DESC LIMIT ${limit}`;
}

/** Ids are compared as PostgreSQL does. */
function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
