import type { Command } from '../../command.js';
import { show as showJob } from '../jobs/show.js';

export const show: Command = {
  ...showJob,
  operands: ['ID'],
  examples: [
    {
      line: 'roundhouse dead-letters show $FAILED_JOB',
      says: 'The job, its payload, and how each attempt ended.',
    },
  ],
};
