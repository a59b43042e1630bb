/**
 * Statements on locks. A lock is a number made of its name, so that a long name costs nothing; two names of the same
 * number would merely take turns.
 */

/** Asks for locks ($1 job ids, $2 locks, in the order of the jobs' creation) and answers with those that hold one. */
export const ACQUIRE_LOCKS = `
  WITH wanted AS MATERIALIZED (
    SELECT DISTINCT ON (hashtextextended(i.lock, 0)) hashtextextended(i.lock, 0) AS lock_hash, i.id
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS i (id, lock, place)
    ORDER BY hashtextextended(i.lock, 0), i.place
  )
  INSERT INTO job_locks (lock_hash, holder)
  SELECT lock_hash, id FROM wanted ORDER BY lock_hash
  ON CONFLICT (lock_hash) DO UPDATE SET holder = job_locks.holder
  RETURNING holder`;

/** Frees locks ($2) that jobs ($1) hold, in pairs. */
export const GIVE_BACK_LOCKS = `
  DELETE FROM job_locks l
  USING unnest($1::uuid[], $2::text[]) AS i (id, lock)
  WHERE l.lock_hash = hashtextextended(i.lock, 0) AND l.holder = i.id`;

/** The locks that jobs ($1) hold, taken until this transaction ends. */
export const TAKE_HELD_LOCKS = `
  SELECT lock_hash AS "lockHash" FROM job_locks WHERE holder = ANY($1) ORDER BY lock_hash FOR UPDATE`;

/**
 * The first in the line of each lock ($1). A statement of its own, after the lock is held: whoever joined the line
 * before has committed, and nobody joins now.
 */
export const SELECT_SUCCESSORS = `
  SELECT h.lock_hash AS "lockHash", s.id
  FROM unnest($1::bigint[]) AS h (lock_hash)
  LEFT JOIN LATERAL (
    SELECT j.id FROM jobs j
    WHERE hashtextextended(j.lock, 0) = h.lock_hash AND j.lock IS NOT NULL
      AND j.status = 'BLOCKED' AND j.open_dependencies = 0
    ORDER BY j.created_at, j.id
    LIMIT 1
  ) s ON true`;

/** Hands locks ($1) to their new holders ($2), in pairs. */
export const HAND_ON_LOCKS = `
  UPDATE job_locks l SET holder = i.holder
  FROM unnest($1::bigint[], $2::uuid[]) AS i (lock_hash, holder)
  WHERE l.lock_hash = i.lock_hash`;

export const FREE_LOCKS = `DELETE FROM job_locks WHERE lock_hash = ANY($1)`;
