import type { Command } from '../../command.js';
import { countFrom } from '../../service/pages.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { watchJob } from '../../service/watch-job.js';

export const watch: Command = {
  operands: ['ID'],
  extras: {
    timeout: { value: 'SECONDS', says: 'Wait no longer; the exit code is 124 then.' },
    ...serviceOptions,
  },
  details:
    'The exit code tells how the job has ended: 0 completed, 1 failed, 3 cancelled. A connection that is cut is made again, and nothing is missed; where events cannot be streamed, the job is asked for every second. With --json, each event is a line: {"event", "data"}.',
  examples: [
    {
      line: 'roundhouse jobs watch $JOB --timeout 60',
      says: 'Its events, log lines and progress, until it has ended.',
    },
    { line: 'roundhouse jobs watch $JOB --json > events.jsonl', says: 'The same for a script.' },
  ],
  run: async (_settings, extras, [id = '']) =>
    watchJob(serviceFor(extras), id, {
      asJson: extras.json !== undefined,
      timeoutSeconds: countFrom(extras.timeout, '--timeout'),
    }),
};
