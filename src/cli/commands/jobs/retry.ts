import { jobAction } from './action.js';

export const retry = jobAction({
  path: 'retry',
  verb: 'retry',
  says: ({ status }) => `runs once more, and is ${status} now.`,
  details: ' Without --status, failed jobs are meant, and no cancelled ones.',
  examples: [
    { line: 'roundhouse jobs retry $FAILED_JOB', says: 'A job that failed or was cancelled.' },
    {
      line: 'roundhouse jobs retry --status failed --type http_request --dry-run',
      says: 'How many it would be.',
    },
  ],
});
