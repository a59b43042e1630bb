/** Answers as soon as the database does. */
export const PING = `SELECT 1`;
