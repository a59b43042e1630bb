/** Answers as soon as the database does. */
export const PING = `SELECT 1`;

/** Workers that have not left and were seen within $1 seconds. */
export const COUNT_LIVE_WORKERS = `
  SELECT count(*)::int AS alive
  FROM workers
  WHERE stopped_at IS NULL AND last_seen_at > clock_timestamp() - $1 * interval '1 second'`;
