import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { ago } from '../../output/times.js';
import type { JobAnswer } from '../../service/answers.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';
import { failureOptions, failuresFrom } from './filter.js';

interface DeadLetter extends JobAnswer {
  readonly fingerprint: string | null;
  readonly failed_at: string;
}

const columns: readonly Column<DeadLetter>[] = [
  { title: 'JOB', of: (letter) => letter.job_id },
  { title: 'TYPE', of: ({ type }) => type, shrinks: true },
  { title: 'QUEUE', of: (letter) => letter.queue_name, shrinks: true },
  { title: 'TRIES', of: ({ attempts }) => attempts, isRight: true },
  { title: 'FAILED', of: (letter) => ago(letter.failed_at), isRight: true },
  { title: 'FINGERPRINT', of: ({ fingerprint }) => fingerprint },
  { title: 'ERROR', of: (letter) => letter.error_message, shrinks: true },
];

export const list: Command = {
  extras: { ...failureOptions, ...pageOptions, ...serviceOptions },
  examples: [
    {
      line: 'roundhouse dead-letters list --type http_request',
      says: 'The jobs that failed for good, the latest first.',
    },
  ],
  run: async (_settings, extras) =>
    printPages(
      serviceFor(extras),
      {
        path: '/dead-letters',
        ...(failuresFrom(extras) && { query: failuresFrom(extras) }),
        member: 'dead_letters',
        columns,
        otherwise: 'There are no such dead letters.',
      },
      extras,
    ),
};
