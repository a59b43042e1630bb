/** What is not shown of jobs of the type $1. It outlives the type: jobs that have ended stay. */
export const SELECT_POINTERS = `SELECT pointers FROM redactions WHERE type = $1`;

/** What is not shown of the types that were declared. */
export const SELECT_REDACTIONS = `SELECT type, pointers FROM redactions ORDER BY type`;

/** Says what is not shown ($2) of jobs of the type $1, those that are there already too. */
export const PUT_REDACTION = `
  INSERT INTO redactions (type, pointers) VALUES ($1, $2)
  ON CONFLICT (type) DO UPDATE SET pointers = excluded.pointers`;

/** From now on, everything is shown of jobs of the type $1. */
export const DELETE_REDACTION = `DELETE FROM redactions WHERE type = $1`;
