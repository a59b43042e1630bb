/** The states of jobs that have ended, as `isFinal` has them, for `status IN …`: some indexes are partial by these words. */
export const FINAL_STATUSES = `('COMPLETED', 'FAILED', 'CANCELLED')`;
