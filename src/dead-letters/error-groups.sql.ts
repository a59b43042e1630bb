const FAILED_AT = 'coalesce(j.finished_at, j.updated_at)';

/** Jobs counted per group; more are "at least". */
export const MOST_COUNTED = 100_000;

/** The latest jobs of a group of which types and queues are told. */
const LOOKED_AT = 10_000;

const ALIKE = (fingerprint: string) =>
  `j.status = 'FAILED' AND j.error_fingerprint >= ${fingerprint} AND j.error_fingerprint <= ${fingerprint}`;

const LATEST_FIRST = `j.error_fingerprint DESC, ${FAILED_AT} DESC, j.id DESC`;

/** Every fingerprint, found by leaping along the index from one to the next: reading all jobs would take too long. */
const ALL_PRINTS = `
  prints AS (
    (SELECT j.error_fingerprint AS fingerprint FROM jobs j
     WHERE j.status = 'FAILED' AND j.error_fingerprint IS NOT NULL ORDER BY j.error_fingerprint LIMIT 1)
    UNION ALL
    SELECT (SELECT j.error_fingerprint FROM jobs j
            WHERE j.status = 'FAILED' AND j.error_fingerprint > p.fingerprint ORDER BY j.error_fingerprint LIMIT 1)
    FROM prints p WHERE p.fingerprint IS NOT NULL
  )`;

/** With the time of the latest failure; a resolved group that failed again since is open. */
const GROUPS = `
  seen AS (
    SELECT p.fingerprint, latest.at AS last_seen, g.state, g.changed_at, g.changed_by,
           coalesce(g.state = 'resolved' AND latest.at > g.changed_at, false) AS regressed
    FROM prints p
    CROSS JOIN LATERAL (
      SELECT ${FAILED_AT} AS at FROM jobs j WHERE ${ALIKE('p.fingerprint')} ORDER BY ${LATEST_FIRST} LIMIT 1
    ) AS latest
    LEFT JOIN error_groups g ON g.fingerprint = p.fingerprint
    WHERE p.fingerprint IS NOT NULL
  ),
  judged AS (
    SELECT fingerprint, last_seen, regressed, changed_at, changed_by,
           CASE WHEN regressed THEN 'open' ELSE coalesce(state, 'open') END AS state
    FROM seen
  )`;

/** What there is to tell of each group of a page. */
const DETAILS = `
  SELECT g.fingerprint, g.state, g.regressed, g.changed_at AS "changedAt", g.changed_by AS "changedBy",
         g.last_seen AS "lastSeen", earliest.at AS "firstSeen", counted.count, looked.types, looked.queues,
         newest.ids AS "jobIds", newest.name, newest.message
  FROM page g
  CROSS JOIN LATERAL (
    SELECT ${FAILED_AT} AS at FROM jobs j WHERE ${ALIKE('g.fingerprint')}
    ORDER BY j.error_fingerprint, ${FAILED_AT}, j.id LIMIT 1
  ) AS earliest
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS count
    FROM (SELECT 1 FROM jobs j WHERE ${ALIKE('g.fingerprint')} LIMIT ${MOST_COUNTED + 1}) AS bounded
  ) AS counted
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT by_type.*) AS types, array_agg(DISTINCT by_type.queue) AS queues
    FROM (
      SELECT j.type, j.queue, count(*)::integer AS count
      FROM (SELECT j.type, j.queue FROM jobs j WHERE ${ALIKE('g.fingerprint')}
            ORDER BY ${LATEST_FIRST} LIMIT ${LOOKED_AT}) AS j
      GROUP BY j.type, j.queue
    ) AS by_type
  ) AS looked
  CROSS JOIN LATERAL (
    SELECT array_agg(j.id) AS ids, (array_agg(j.last_error ->> 'name'))[1] AS name,
           (array_agg(j.error_message))[1] AS message
    FROM (SELECT j.id, j.last_error, j.error_message FROM jobs j WHERE ${ALIKE('g.fingerprint')}
          ORDER BY ${LATEST_FIRST} LIMIT 5) AS j
  ) AS newest
  ORDER BY g.last_seen DESC, g.fingerprint DESC`;

/** At most $4 groups in state $1 (null: any), the latest failure first, from before ($2 time, $3 fingerprint) on. */
export const SELECT_GROUPS = `
  WITH RECURSIVE ${ALL_PRINTS}, ${GROUPS},
  page AS (
    SELECT * FROM judged
    WHERE ($1::text IS NULL OR state = $1)
      AND ($2::timestamptz IS NULL OR (last_seen, fingerprint) < ($2, $3))
    ORDER BY last_seen DESC, fingerprint DESC
    LIMIT $4
  )
  ${DETAILS}`;

/** The group of fingerprint $1. */
export const SELECT_GROUP = `
  WITH prints AS (SELECT $1::text AS fingerprint), ${GROUPS}, page AS (SELECT * FROM judged)
  ${DETAILS}`;

/** Somebody ($3) puts the group $1 into state $2. */
export const SET_GROUP_STATE = `
  INSERT INTO error_groups (fingerprint, state, changed_at, changed_by)
  VALUES ($1, $2, date_trunc('milliseconds', clock_timestamp()), $3)
  ON CONFLICT (fingerprint) DO UPDATE
  SET state = excluded.state, changed_at = excluded.changed_at, changed_by = excluded.changed_by`;
