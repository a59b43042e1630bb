/** When a job failed, as the indexes of failed jobs have it. */
const FAILED_AT = 'coalesce(j.finished_at, j.updated_at)';

/**
 * A stretch of the failed jobs, the latest first: at most $7, from before ($1 time, $2 id) on, that failed from $3
 * to $4 (null: no bound). Of these the ids of at most $8 of type $5 and queue $6 (null: any), and, marked as the
 * end, the last one of the stretch when there may be more behind it.
 */
export const SELECT_DEAD_LETTERS = selectStretch({
  where: '',
  before: `(${FAILED_AT}, j.id) < ($1, $2)`,
  order: '',
});

/** The same of fingerprint $9. A range leaves the planner no way but the index of fingerprints. */
export const SELECT_DEAD_LETTERS_ALIKE = selectStretch({
  where: 'AND j.error_fingerprint >= $9 AND j.error_fingerprint <= $9',
  before: `(j.error_fingerprint, ${FAILED_AT}, j.id) < ($9, $1, $2)`,
  order: 'j.error_fingerprint DESC,',
});

function selectStretch({ where, before, order }: { where: string; before: string; order: string }): string {
  return `
  WITH stretch AS MATERIALIZED (
    SELECT j.id, ${FAILED_AT} AS at, j.type, j.queue
    FROM jobs j
    WHERE j.status = 'FAILED' ${where}
      AND ($1::timestamptz IS NULL OR ${before})
      AND ($3::timestamptz IS NULL OR ${FAILED_AT} >= $3)
      AND ($4::timestamptz IS NULL OR ${FAILED_AT} < $4)
    ORDER BY ${order} ${FAILED_AT} DESC, j.id DESC
    LIMIT $7
  )
  (SELECT id, at, false AS "isEnd" FROM stretch
   WHERE ($5::text IS NULL OR type = $5) AND ($6::text IS NULL OR queue = $6)
   ORDER BY at DESC, id DESC LIMIT $8)
  UNION ALL
  (SELECT id, at, true FROM stretch WHERE (SELECT count(*) FROM stretch) = $7 ORDER BY at, id LIMIT 1)`;
}
