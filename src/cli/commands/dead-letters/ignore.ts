import { groupAction } from './group-action.js';

export const ignore = groupAction('ignore', 'It stays so, however many jobs fail for it.', [
  { line: 'roundhouse dead-letters ignore $FINGERPRINT', says: 'The cause is known, and harmless.' },
]);
