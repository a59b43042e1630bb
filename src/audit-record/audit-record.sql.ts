/** Who ($1) did what ($2) to a subject of type $3 with id $4, in queue $5; what changed from $6 to $7, in request $8. */
export const INSERT_RECORD = `
  INSERT INTO audit_log (actor, action, subject_type, subject_id, queue, before, after, request_id)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8)`;

/** A statement that answers with the rows it has changed and puts that on record, if there are any, from the parameter `first` on. */
export const recorded = (statement: string, first: number) => `
  WITH done AS (${statement}),
  record AS (
    INSERT INTO audit_log (actor, action, subject_type, subject_id, queue, before, after, request_id)
    SELECT ${['text', 'text', 'text', 'text', 'text', 'jsonb', 'jsonb', 'text'].map((type, index) => `$${first + index}::${type}`).join(', ')}
    WHERE EXISTS (SELECT FROM done))
  SELECT * FROM done`;

/**
 * Forgets what was recorded more than $1 days ago, at most $2 records. A function does it, since nobody who serves may
 * delete them.
 */
export const FORGET_RECORDS = `SELECT forget_audit_log($1, $2) AS gone`;
