const NOW = `date_trunc('milliseconds', clock_timestamp())`;

const STATE = `
  CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= ${NOW} THEN 'expired' ELSE 'active' END`;

/** A row of api_keys as `ApiKey` names its columns; the digests stay where they are. */
const COLUMNS = `
  k.id, k.name, k.scopes, ${STATE} AS state, k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt",
  k.revoked_at AS "revokedAt",
  CASE WHEN k.previous_expires_at > ${NOW} THEN k.previous_expires_at END AS "previousExpiresAt",
  k.created_by AS "createdBy", k.created_at AS "createdAt", k.rotated_at AS "rotatedAt"`;

export const SELECT_KEY = `SELECT ${COLUMNS} FROM api_keys k WHERE k.id = $1`;

/** At most $2 keys, the newest first, from before $1 on. */
export const SELECT_KEYS = `
  SELECT ${COLUMNS} FROM api_keys k WHERE $1::uuid IS NULL OR k.id < $1 ORDER BY k.id DESC LIMIT $2`;

/** What a request that shows the key $1 is held against: the digests that count now. */
export const SELECT_CREDENTIAL = `
  SELECT k.id, k.scopes, ${STATE} AS state, k.digest,
         CASE WHEN k.previous_expires_at > ${NOW} THEN k.previous_digest END AS "previousDigest"
  FROM api_keys k WHERE k.id = $1`;

/** Stores a key: $1 id, $2 name, $3 scopes, $4 digest, $5 when it expires, $6 who made it. Nothing when that time is past. */
export const INSERT_KEY = `
  INSERT INTO api_keys AS k (id, name, scopes, digest, expires_at, created_by, created_at)
  SELECT $1, $2, $3, $4, $5, $6, ${NOW} WHERE $5::timestamptz IS NULL OR $5 > ${NOW}
  RETURNING ${COLUMNS}`;

/** The key $1 gets another secret ($2); the present one is accepted for $3 seconds more. Nothing unless it is active. */
export const ROTATE_KEY = `
  UPDATE api_keys k
  SET previous_digest = k.digest, previous_expires_at = ${NOW} + $3 * interval '1 s', digest = $2, rotated_at = ${NOW}
  WHERE k.id = $1 AND ${STATE} = 'active'
  RETURNING ${COLUMNS}`;

/** Nobody may use the key $1 from now on, because of $2; the first time counts. */
export const REVOKE_KEY = `
  UPDATE api_keys k
  SET revoked_at = coalesce(k.revoked_at, ${NOW}), revoked_by = coalesce(k.revoked_by, $2),
      previous_digest = NULL, previous_expires_at = NULL
  WHERE k.id = $1
  RETURNING ${COLUMNS}`;

/** The key $1 has been used, which is written down once in $2 seconds however many processes see it. */
export const NOTE_USE = `
  UPDATE api_keys
  SET last_used_at = ${NOW}
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < ${NOW} - $2 * interval '1 s')`;

/** How many keys are accepted, by the name of what their digests were made with. */
export const COUNT_ACTIVE_KEYS = `
  SELECT split_part(k.digest, '.', 1) AS "madeWith", count(*)::integer AS count
  FROM api_keys k WHERE ${STATE} = 'active' GROUP BY 1`;

/** Whether anybody could call the API by a key. */
export const HAS_ACTIVE_KEY = `SELECT EXISTS (SELECT FROM api_keys k WHERE ${STATE} = 'active') AS "isThere"`;

/** Nobody else makes a key until the transaction ends; keys are read all the same. */
export const HOLD_KEYS = 'LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE';
