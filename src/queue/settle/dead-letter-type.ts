/** The type of the jobs that tell of failed ones. */
export const DEAD_LETTER_TYPE = 'dead_letter';
