/** Waits until nobody who changes the job ($1) is in doubt any more: a commit that was cut off may still go through. */
export const WAIT_FOR_JOB = `SELECT 1 FROM jobs WHERE id = $1 FOR SHARE`;

/** Whether attempt $2 of job $1 is on record as completed. To be asked after the wait, in a statement of its own. */
export const SELECT_COMPLETED = `
  SELECT 1 FROM job_events WHERE job_id = $1 AND attempt = $2 AND event = 'completed'`;
