import { jobAction } from './action.js';

export const cancel = jobAction({
  path: 'cancel',
  verb: 'cancel',
  says: ({ status }) =>
    status === 'CANCELLED' ? 'is cancelled.' : 'is told to stop, and will be cancelled.',
  examples: [
    { line: 'roundhouse jobs cancel $SCHEDULED_JOB', says: 'One job, waiting or running.' },
    {
      line: 'roundhouse jobs cancel --queue emails --status pending --yes',
      says: 'All that wait in a queue, without asking.',
    },
  ],
});
