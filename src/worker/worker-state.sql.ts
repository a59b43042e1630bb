/**
 * The state of a row w of `workers`, given how many seconds of silence make it lost.
 * One that was found gone is lost at once; should it live after all, its next sign of life says so.
 * @param silence the placeholder of that number, such as `$1`
 */
export function workerState(silence: string): string {
  return `
    CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped'
         WHEN w.last_seen_at <= w.lost_at THEN 'lost'
         WHEN w.last_seen_at <= clock_timestamp() - ${silence} * interval '1 second' THEN 'lost'
         WHEN w.drain_requested_at IS NOT NULL THEN 'draining'
         ELSE 'running' END`;
}

/**
 * Whether a row w of `workers` is one of our own that lives and has free slots, and has not been able to take jobs for as
 * many seconds. One that does not say so, as a build that knows nothing of it, is believed.
 * @param silence as above
 * @param patience the placeholder of that number of seconds
 */
export function takesNothing(silence: string, patience: string): string {
  return `
    (NOT w.is_external AND ${workerState(silence)} = 'running'
     AND coalesce(w.could_claim_at <= w.last_seen_at - ${patience} * interval '1 second', false))`;
}

/**
 * Whether the worker of a row w of `workers` can run jobs of a type, as far as the database knows.
 * @param type an SQL expression
 * @param row what the row is called, if not w
 */
export function knows(type: string, row = 'w'): string {
  return `
    (${type} = ANY(${row}.types) OR cardinality(${row}.types) = 0
     AND (NOT ${row}.is_external OR EXISTS (SELECT FROM job_types d WHERE d.type = ${type})))`;
}
