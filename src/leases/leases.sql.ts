/** What the tokens of leases are signed with. */
export const SELECT_KEY = `SELECT key FROM lease_key LIMIT 1`;

/** An external worker asks for jobs ($1 id, $2 name, $3 User-Agent, $4 queues, $5 jobs at most, $6 types, {} = all declared). */
export const UPSERT_WORKER = `
  INSERT INTO workers (id, hostname, version, queues, slots, types, is_external) VALUES ($1, $2, $3, $4, $5, $6, true)
  ON CONFLICT (id) DO UPDATE
  SET version = excluded.version, queues = excluded.queues, slots = excluded.slots, types = excluded.types,
      last_seen_at = now(), stopped_at = NULL`;

/** External workers ($1) are there. */
export const NOTE_SEEN = `UPDATE workers SET last_seen_at = now() WHERE id = ANY($1) AND is_external`;

/** The same of the one that runs the job $1, unless it was noted a moment ago. */
export const NOTE_HOLDER_SEEN = `
  UPDATE workers w SET last_seen_at = now()
  FROM jobs j
  WHERE j.id = $1 AND w.id = j.worker_id AND w.is_external AND w.last_seen_at < now() - interval '5 seconds'`;

/** How many jobs the worker $1 holds, and whether one of them must run alone ($2: interruptions that make it so). */
export const SELECT_IN_HAND = `
  SELECT count(*)::integer AS jobs, coalesce(bool_or(interruptions >= $2), false) AS "isAlone"
  FROM jobs WHERE worker_id = $1 AND status = 'PROCESSING'`;

/** What is to be known of the job $1 to end its attempt $2, and how that has ended. Without the payload. */
export const SELECT_LEASED = `
  SELECT j.id, j.type, j.queue, j.status, j.attempts, j.max_attempts AS "maxAttempts", j.backoff,
         (SELECT a.outcome FROM job_attempts a WHERE a.job_id = j.id AND a.attempt = $2) AS outcome
  FROM jobs j WHERE j.id = $1`;
