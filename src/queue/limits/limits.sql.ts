import type { Prepared } from '../../database/index.js';
import { CLAIMED, STARTED } from '../claim/claim.sql.js';
import { CLOCK } from '../jobs.sql.js';
import { ALONE, SUSPECT_AFTER } from '../suspicion.js';

/**
 * Statements on limits. A limited queue has a row in `limit_states`, under the key '', that its claims lock one after the
 * other: all that start in it is decided by one at a time. Tickets that the limit of a key refuses are parked: the engine's
 * own mark `blocked` takes them out of the index that claims walk along, and leaves them their place.
 */

/** SQLSTATE of a claim of a queue that has limits, by a statement that does not know them. */
export const LIMITED = 'RH002';

/** Milliseconds since 1970, with fractions. */
const epochMs = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;

/** Waits for the other claims of queue $1, of which each takes some milliseconds, and reads its limits; at most $2 ms. */
export const ENTER_LIMITED_QUEUE: Prepared = {
  name: 'enter_limited_queue',
  text: `
  SELECT e.is_open AS "isOpen", e.limits, ${epochMs('e.tat')} AS tat, e.running, ${epochMs('e.entered_at')} AS now
  FROM enter_limited_queue($1, $2) AS e`,
};

/** Takes keys ($2) of queue $1: how they stand, with the jobs that run under each if $3. */
export const ENTER_LIMIT_KEYS: Prepared = {
  name: 'enter_limit_keys',
  text: `
  SELECT e.key, ${epochMs('e.tat')} AS tat, e.is_parked AS "isParked", e.running
  FROM enter_limit_keys($1, $2, $3) AS e`,
};

/** The keys of queue $1 with parked tickets whose time compares so; a stable one, or the index would be read to its end. */
const parkedKeys = (comparison: string) => `
  SELECT s.key FROM limit_states s
  WHERE s.queue = $1 AND s.is_parked AND s.ready_at ${comparison}
  ORDER BY s.ready_at LIMIT $3`;

/**
 * The same of the keys with parked tickets that may have room again; at most $3 of them, and as many that are put off by more
 * than $4 ms, which only a clock that was turned back can have done.
 */
export const ENTER_READY_KEYS: Prepared = {
  name: 'enter_ready_keys',
  text: `
  SELECT e.key, ${epochMs('e.tat')} AS tat, e.is_parked AS "isParked", e.running
  FROM enter_limit_keys($1, ARRAY(
    (${parkedKeys('<= statement_timestamp()')})
    UNION ALL
    (${parkedKeys(`> statement_timestamp() + $4 * interval '1 ms'`)})), $2) AS e`,
};

/** When the first of the keys of queue $1 with parked tickets may have room. */
export const SELECT_NEXT_READY: Prepared = {
  name: 'select_next_ready',
  text: `
  SELECT ${epochMs('min(s.ready_at)')} AS at FROM limit_states s WHERE s.queue = $1 AND s.is_parked`,
};

/** How far into the line of a key to look for jobs that can start here, and for parked ones. */
const MOST_LOOKED_AT = 1_000;

/** The jobs j of a key's line, in its order, as the index has it. */
const lineOf = (queue: string, key: string, columns: string) => `
  SELECT ${columns} FROM jobs j
  WHERE j.queue = ${queue} AND j.limit_key = ${key} AND j.limit_key IS NOT NULL AND j.status = 'PENDING' AND j.ticketed
    AND j.scheduled_at <= now()
  ORDER BY j.priority, (j.attempts = 0), greatest(j.scheduled_at, j.updated_at), j.id
  LIMIT ${MOST_LOOKED_AT}`;

/** Gives the first parked tickets of keys ($2) of queue $1 their place in line again, as many as $3 says for each, of types $4. */
export const UNPARK: Prepared = {
  name: 'unpark',
  text: `
  WITH parked AS MATERIALIZED (
    SELECT t.id, k.key
    FROM unnest($2::text[], $3::integer[]) AS k (key, room)
    CROSS JOIN LATERAL (
      SELECT l.id FROM (${lineOf('$1', 'k.key', 'j.id, j.type')}) AS l
      WHERE $4::text[] IS NULL OR l.type = ANY($4)
      LIMIT k.room) AS first
    JOIN pgboss.job t ON t.name = $1 AND t.id = first.id AND t.blocked
    FOR UPDATE OF t SKIP LOCKED)
  UPDATE pgboss.job t SET blocked = false FROM parked p WHERE t.name = $1 AND t.id = p.id`,
};

/** Of tickets t and their jobs j in queue $1 those that may start now; of kinds $3, unless that is null, and only when $4 such that must run alone. */
const STARTABLE = `
  t.name = $1 AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
  AND ($3::text[] IS NULL OR t.group_id = ANY($3)) AND ($4 > 0 OR NOT starts_with(t.group_id, '${ALONE}'))
  AND j.queue = $1 AND j.status = 'PENDING' AND j.scheduled_at <= clock_timestamp()
  AND ($4 > 0 OR j.interruptions < ${SUSPECT_AFTER})`;

/** The first $2 of them. Nothing is locked: of what is looked at only some starts or is parked. */
export const SELECT_HEAD: Prepared = {
  name: 'select_head',
  text: `
  SELECT t.id, t.priority, ${epochMs('t.created_on')} AS "createdOn", j.limit_key AS key,
         j.interruptions >= ${SUSPECT_AFTER} AS "isSuspect"
  FROM pgboss.job t
  JOIN jobs j ON j.id = t.id
  WHERE ${STARTABLE}
  ORDER BY t.priority DESC, t.created_on
  LIMIT $2`,
};

/** The same past what somebody holds, however much that is. */
export const SELECT_FREE_HEAD: Prepared = {
  name: 'select_free_head',
  text: `${SELECT_HEAD.text}
  FOR UPDATE OF t SKIP LOCKED
  FOR NO KEY UPDATE OF j SKIP LOCKED`,
};

/** What starting a job under limits writes and answers with. */
const start = (limited: string) => `
  UPDATE jobs j
  SET ${STARTED.replaceAll('$3', '$5').replaceAll('$4', '$6')}, limited = ${limited}
  FROM taken t CROSS JOIN clock
  WHERE j.id = t.id
  RETURNING ${CLAIMED}, j.limited`;

/**
 * A whole claim of queue $1, which has the limits $8 (as text) and none of keys: starts the first $2 of them, with at
 * most $4 that must run alone, as far as there is room by its concurrency $9 and by its rate of one start in $10 ms, with a
 * tolerance of $11 ms; null = none. It waits at most $7 ms for other claims. With other limits nothing starts, and it
 * answers with them; it answers with a row without a job when nothing starts.
 *
 * All hangs on the gate, which is entered first: its time is that of the starts, and jobs that run are counted within.
 * What is read of the line may be older: then jobs are passed by that others have taken, or that came just now.
 *
 * A commit that has changed nothing does not wait for the disk: others wait for it.
 */
export const CLAIM_WITHIN_LIMITS: Prepared = {
  name: 'claim_within_limits',
  text: `
  WITH gate AS MATERIALIZED (
    SELECT e.*, e.is_open AND e.limits = $8 AS may_start,
           least(greatest(coalesce(e.tat, e.now), e.now), e.now + $11::float8 + $10::float8) AS present
    FROM (SELECT g.is_open, g.limits::text AS limits, g.running, g.entered_at, ${epochMs('g.tat')} AS tat,
                 ${epochMs('g.entered_at')} AS now
          FROM enter_limited_queue($1, $7) AS g) AS e),
  clock AS MATERIALIZED (SELECT date_trunc('milliseconds', entered_at) AS now FROM gate),
  head AS MATERIALIZED (
    SELECT t.id, j.interruptions >= ${SUSPECT_AFTER} AS is_suspect
    FROM pgboss.job t
    JOIN jobs j ON j.id = t.id
    WHERE ${STARTABLE}
    ORDER BY t.priority DESC, t.created_on
    LIMIT coalesce((
      SELECT greatest(0, least($2::integer, $9::integer - running, floor(($11 - present + now) / $10) + 1))::bigint
      FROM gate WHERE may_start), 0)
    FOR UPDATE OF t SKIP LOCKED
    FOR NO KEY UPDATE OF j SKIP LOCKED),
  taken AS MATERIALIZED (
    DELETE FROM pgboss.job t
    WHERE t.name = $1 AND t.id = ANY (ARRAY(
      (SELECT id FROM head WHERE NOT is_suspect)
      UNION ALL
      (SELECT id FROM head WHERE is_suspect ORDER BY id LIMIT $4)))
    RETURNING t.id),
  started AS (${start('$9 IS NOT NULL')}),
  spent AS (
    UPDATE limit_states s
    SET tat = to_timestamp((g.present + n.starts * $10) / 1000)
    FROM gate g CROSS JOIN (SELECT count(*) AS starts FROM started) AS n
    WHERE g.may_start AND (n.starts > 0 OR g.tat > g.present) AND $10 IS NOT NULL AND s.queue = $1 AND s.key = ''
    RETURNING n.starts > 0 AS has_starts)
  SELECT json_build_object('isOpen', g.is_open, 'limits', g.limits, 'tat', g.tat, 'running', g.running, 'now', g.now) AS entry,
         s.*
  FROM gate g LEFT JOIN started s ON true
  WHERE ($10 IS NULL OR refuse_unequal((SELECT count(*) FROM spent WHERE has_starts), (SELECT least(count(*), 1) FROM started)))
    AND (s.id IS NOT NULL OR set_config('synchronous_commit', 'off', true) = 'off')`,
};

/**
 * Starts the jobs of tickets ($2) that are still what they were and that nobody else holds. Their ends make room for others
 * if $3, of jobs with a key if $4.
 */
export const START_CHOSEN: Prepared = {
  name: 'start_chosen',
  text: `
  WITH ${CLOCK},
  free AS MATERIALIZED (
    SELECT t.id
    FROM pgboss.job t
    JOIN jobs j ON j.id = t.id
    WHERE t.name = $1 AND t.id = ANY($2) AND t.state < 'active' AND NOT t.blocked
      AND j.queue = $1 AND j.status = 'PENDING' AND j.scheduled_at <= clock_timestamp()
    FOR UPDATE OF t SKIP LOCKED
    FOR NO KEY UPDATE OF j SKIP LOCKED),
  taken AS MATERIALIZED (
    DELETE FROM pgboss.job t WHERE t.name = $1 AND t.id = ANY (ARRAY(SELECT id FROM free)) RETURNING t.id)
  ${start('$3 OR ($4 AND j.limit_key IS NOT NULL)')}, j.limit_key AS "limitKey"`,
};

/**
 * Takes tickets of keys ($2) among the first $3 of queue $1 out of the way of others, but for those that somebody holds. More
 * than were looked at: whoever has put a hundred thousand in line keeps others waiting until all are out of the way.
 */
export const PARK = `
  WITH first AS MATERIALIZED (
    SELECT t.id, j.limit_key
    FROM pgboss.job t
    JOIN jobs j ON j.id = t.id
    WHERE t.name = $1 AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
      AND j.queue = $1 AND j.status = 'PENDING'
    ORDER BY t.priority DESC, t.created_on
    LIMIT $3),
  refused AS MATERIALIZED (
    SELECT t.id FROM pgboss.job t
    WHERE t.name = $1 AND t.id = ANY (ARRAY(SELECT id FROM first WHERE limit_key = ANY($2)))
    FOR UPDATE SKIP LOCKED)
  UPDATE pgboss.job t SET blocked = true FROM refused r WHERE t.name = $1 AND t.id = r.id`;

/**
 * Writes how keys of queue $1 stand ($2: JSON rows of KeyState). A key has parked tickets no more when none is among the
 * first in its line; where more are in it than are looked at, there may be some.
 */
export const WRITE_LIMIT_STATES: Prepared = {
  name: 'write_limit_states',
  text: `
  UPDATE limit_states s
  SET tat = to_timestamp(i.tat / 1000), ready_at = to_timestamp(i.ready_at / 1000),
      is_parked = CASE WHEN i.parks THEN true WHEN NOT s.is_parked THEN false ELSE
        EXISTS (SELECT FROM (${lineOf('s.queue', 's.key', 'j.id')}) AS l
                JOIN pgboss.job t ON t.name = s.queue AND t.id = l.id AND t.blocked)
        OR (SELECT count(*) FROM (${lineOf('s.queue', 's.key', 'j.id')}) AS l) >= ${MOST_LOOKED_AT} END
  FROM json_to_recordset($2::json) AS i (key text, tat double precision, ready_at double precision, parks boolean)
  WHERE s.queue = $1 AND s.key = i.key`,
};

/** Says that keys may have room again, because jobs of theirs run no more. @param keys pairs of queue and key */
export const openKeys = (keys: string) => `
  INSERT INTO limit_states AS s (queue, key)
  SELECT DISTINCT i.queue, i.key FROM ${keys} AS i (queue, key) ORDER BY i.queue, i.key
  ON CONFLICT (queue, key) DO UPDATE SET ready_at = least(s.ready_at, clock_timestamp())`;

/**
 * The same of keys $2 in queues $1. Whoever claims holds the row from before it counts until it has written what it found,
 * so this comes before the one or after the other. It inserts what is not there: that may be a claim's that is not
 * committed.
 */
export const OPEN_KEYS = openKeys('unnest($1::text[], $2::text[])');
