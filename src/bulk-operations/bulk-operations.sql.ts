/** A row of bulk_operations as `BulkOperation` names its columns. */
const COLUMNS = `
  o.id, o.action, o.filter, o.most, o.per_second AS "perSecond", o.created_at AS "createdAt",
  o.created_by AS "createdBy", o.updated_at AS "updatedAt", o.started_at AS "startedAt",
  o.completed_at AS "completedAt", o.attempt, o.matched, o.matched_is_exact AS "matchedIsExact", o.sample,
  o.done, o.skipped, o.failed, o.reasons, o.cursor, o.chunk`;

const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/** Stores an operation: $1 id, $2 action, $3 filter, $4 most, $5 per second, $6 who. */
export const INSERT_OPERATION = `
  INSERT INTO bulk_operations (id, action, filter, most, per_second, created_by, created_at, updated_at)
  SELECT $1, $2, $3::jsonb, $4, $5, $6, clock.now, clock.now
  FROM (SELECT ${NOW} AS now) AS clock`;

/**
 * An attempt ($2) of the operation's job takes it over. From here on no earlier attempt can write to it, such as one
 * on a worker that was thought dead.
 */
export const BEGIN_OPERATION = `
  UPDATE bulk_operations o
  SET attempt = $2, started_at = coalesce(o.started_at, ${NOW}), updated_at = ${NOW}
  WHERE o.id = $1 AND o.attempt <= $2
  RETURNING ${COLUMNS}`;

/** How many jobs attempt $2 has found ($3, exact $4), and some of them ($5). */
export const RECORD_MATCHED = `
  UPDATE bulk_operations SET matched = $3, matched_is_exact = $4, sample = $5, updated_at = ${NOW}
  WHERE id = $1 AND attempt = $2`;

/** What attempt $2 is about to change ($3: ids): should it die, the next one knows where to look. */
export const PLAN_CHUNK = `UPDATE bulk_operations SET chunk = $3 WHERE id = $1 AND attempt = $2`;

/** What became of the chunk of attempt $2: done $3, skipped $4, failed $5, all reasons so far $6. */
export const RECORD_CHUNK = `
  UPDATE bulk_operations
  SET cursor = chunk[array_upper(chunk, 1)], chunk = NULL, done = done + $3, skipped = skipped + $4,
      failed = failed + $5, reasons = $6::jsonb, updated_at = ${NOW}
  WHERE id = $1 AND attempt = $2`;

export const COMPLETE_OPERATION = `
  UPDATE bulk_operations SET completed_at = ${NOW}, updated_at = ${NOW} WHERE id = $1 AND attempt = $2`;

/**
 * Which of the jobs ($1) an actor ($2) has changed already, as the ledger tells; $3 = also those that are gone,
 * since they were to be discarded.
 */
export const SELECT_CHANGED = `
  SELECT i.id
  FROM unnest($1::uuid[]) AS i (id)
  WHERE EXISTS (SELECT 1 FROM job_events e WHERE e.job_id = i.id AND e.actor = $2)
     OR ($3 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = i.id))`;

/** An operation, and how its job is doing. */
const WITH_JOB = `
  SELECT ${COLUMNS}, j.status AS "jobStatus", j.attempts AS "jobAttempts", j.error_message AS "jobError",
         j.finished_at AS "jobFinishedAt", j.cancel_requested_at IS NOT NULL AS "abortRequested"
  FROM bulk_operations o LEFT JOIN jobs j ON j.id = o.id`;

export const SELECT_OPERATION = `${WITH_JOB} WHERE o.id = $1`;

/** At most $2 operations before the id $1 (null: the newest). */
export const SELECT_OPERATIONS = `
  ${WITH_JOB} WHERE $1::uuid IS NULL OR o.id < $1::uuid ORDER BY o.id DESC LIMIT $2`;
