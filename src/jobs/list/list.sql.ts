import type { JobFilter } from './job-filter.js';
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

/**
 * The next `length` jobs along the filter's index before the job `before`, and the first `most` of them that satisfy
 * its conditions, the newest first. A range instead of `=` and the expression in the order leave the planner no way
 * but that index; with `=` it walks along the ids, past a million others when the jobs asked for are all old.
 */
export function selectStretch(
  { along, bounds, conditions }: JobFilter,
  { before, length, most }: { before: string | undefined; length: number; most: number },
): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const way = bounds.map((bound) => bound(parameters));
  if (along) {
    const { expression } = along;
    const value = along.value(parameters);
    way.push(`${expression} >= ${value}`, `${expression} <= ${value}`);
    if (before) way.push(`(${expression}, job.id) < (${value}, ${parameters.add(before)})`);
  } else if (before) way.push(`job.id < ${parameters.add(before)}`);
  const tests = conditions.map((condition) => condition(parameters));
  const text = `
    WITH stretch AS MATERIALIZED (
      SELECT job.id, ${tests.join(' AND ') || 'true'} AS belongs
      FROM jobs job
      ${way.length > 0 ? `WHERE ${way.join(' AND ')}` : ''}
      ORDER BY ${along ? `${along.expression} DESC, ` : ''}job.id DESC
      LIMIT ${parameters.add(length)})
    SELECT (SELECT count(*) FROM stretch)::integer AS passed,
           (SELECT id FROM stretch ORDER BY id LIMIT 1) AS last,
           ARRAY(SELECT id FROM stretch WHERE belongs ORDER BY id DESC LIMIT ${parameters.add(most)}) AS ids`;
  return { text, values: parameters.values };
}
