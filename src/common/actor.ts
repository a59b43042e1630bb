/** Who asked for something, until callers have names. */
export const ANONYMOUS = 'anonymous';
