import { groupAction } from './group-action.js';

export const resolve = groupAction('resolve', 'A job that fails for the same cause opens it again.', [
  { line: 'roundhouse dead-letters resolve $FINGERPRINT', says: 'The cause is mended.' },
]);
