/** Whether the database takes writes: a standby answers, and takes none. */
export const SELECT_STANDBY = `SELECT pg_is_in_recovery() AS "isStandby"`;
