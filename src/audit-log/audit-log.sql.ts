/**
 * At most $1 records, the newest first, from before the id $2 on: of the actor $3, the action $4, the subject type $5 and
 * id $6, the queue $7, from the moment $8 on and before $9; null = any.
 */
export const SELECT_RECORDS = `
  SELECT a.id, a.at, a.login, a.actor, a.action, a.subject_type AS "subjectType", a.subject_id AS "subjectId", a.queue,
         a.before, a.after, a.request_id AS "requestId"
  FROM audit_log a
  WHERE ($2::bigint IS NULL OR a.id < $2)
    AND ($3::text IS NULL OR a.actor = $3)
    AND ($4::text IS NULL OR a.action = $4)
    AND ($5::text IS NULL OR a.subject_type = $5)
    AND ($6::text IS NULL OR a.subject_id = $6)
    AND ($7::text IS NULL OR a.queue = $7)
    AND ($8::timestamptz IS NULL OR a.at >= $8)
    AND ($9::timestamptz IS NULL OR a.at < $9)
  ORDER BY a.id DESC
  LIMIT $1`;
