/**
 * The state of a row w of `workers`, given how many seconds of silence make it lost.
 * @param silence the placeholder of that number, such as `$1`
 */
export function workerState(silence: string): string {
  return `
    CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped'
         WHEN w.last_seen_at <= clock_timestamp() - ${silence} * interval '1 second' THEN 'lost'
         WHEN w.drain_requested_at IS NOT NULL THEN 'draining'
         ELSE 'running' END`;
}
