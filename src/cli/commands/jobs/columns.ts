import { statusStyle } from '../../output/terminal.js';
import { age } from '../../output/times.js';
import type { Column } from '../../output/table.js';
import type { JobAnswer } from '../../service/answers.js';

/** How jobs are listed. */
export const jobColumns: readonly Column<JobAnswer>[] = [
  { title: 'ID', of: (job) => job.job_id },
  { title: 'TYPE', of: (job) => job.type, shrinks: true },
  { title: 'QUEUE', of: (job) => job.queue_name, shrinks: true },
  { title: 'STATUS', of: statusOf, style: (job) => statusStyle(job.status) },
  { title: 'TRIES', of: (job) => `${job.attempts}/${job.max_attempts ?? '∞'}`, isRight: true },
  { title: 'AGE', of: (job) => age(job.created_at), isRight: true },
  { title: 'ERROR', of: (job) => job.error_message, shrinks: true },
];

function statusOf({ status, progress }: JobAnswer): string {
  return status === 'PROCESSING' && progress ? `${status} ${progress.percent} %` : status;
}
