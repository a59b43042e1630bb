import { groupAction } from './group-action.js';

export const reopen = groupAction('reopen', 'What was resolved or ignored is open again.', [
  { line: 'roundhouse dead-letters reopen $FINGERPRINT', says: 'The cause is not mended after all.' },
]);
