import { workflowAction } from './intervention.js';

export const cancel = workflowAction('cancel', [
  { line: 'roundhouse workflows cancel $WORKFLOW', says: 'All of its jobs that have not ended.' },
]);
