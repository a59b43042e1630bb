import { workflowAction } from './intervention.js';

export const retry = workflowAction('retry', [
  {
    line: 'roundhouse workflows retry $FAILED_WORKFLOW',
    says: 'Its failed jobs, and what was cancelled because of them.',
  },
]);
