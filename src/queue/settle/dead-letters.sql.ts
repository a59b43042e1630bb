/** The queues of $1 that name another one for the jobs that fail for good. */
export const SELECT_DEAD_LETTER_QUEUES = `
  SELECT name, dead_letter_queue AS "deadLetterQueue" FROM queues
  WHERE name = ANY($1) AND dead_letter_queue IS NOT NULL`;

/** What a dead letter ($1: ids of jobs that failed) tells. */
export const SELECT_DEAD_LETTERS = `
  SELECT j.id, j.queue, j.type, j.trace_parent AS "traceParent", jsonb_build_object(
           'job_id', j.id, 'type', j.type, 'payload', j.payload, 'error', j.error_message, 'attempts', j.attempts
         ) AS payload
  FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id`;
