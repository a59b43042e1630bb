import { jobAction } from './action.js';

export const runNow = jobAction({
  path: 'run-now',
  verb: 'run now',
  says: ({ status }) => `waits for its time no more, and is ${status} now.`,
  examples: [
    {
      line: 'roundhouse jobs run-now $SCHEDULED_JOB',
      says: 'A job that is scheduled, or waits to be tried again.',
    },
  ],
});
