import type { Command } from '../../command.js';
import { printDetails } from '../../output/details.js';
import { terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import { spoken } from '../../output/times.js';
import type { JobAnswer } from '../../service/answers.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

interface AttemptAnswer {
  readonly number: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly outcome: string | null;
  readonly error: { readonly name: string; readonly message: string } | null;
}

const attemptColumns: readonly Column<AttemptAnswer>[] = [
  { title: 'ATTEMPT', of: ({ number }) => number, isRight: true },
  { title: 'STARTED', of: ({ started_at }) => started_at },
  { title: 'TOOK', of: durationOf, isRight: true },
  { title: 'OUTCOME', of: ({ outcome }) => outcome ?? 'running' },
  { title: 'ERROR', of: ({ error }) => error && `${error.name}: ${error.message}`, shrinks: true },
];

export const show: Command = {
  operands: ['ID'],
  extras: serviceOptions,
  examples: [{ line: 'roundhouse jobs show $JOB', says: 'Everything about one job, with its attempts.' }],
  async run(_settings, extras, [id = '']) {
    const service = serviceFor(extras);
    const job = await service.get<JobAnswer>(pathOf`/jobs/${id}`);
    if (extras.json !== undefined) terminal.printJson(job);
    else {
      printJob(job);
      const { attempts } = await service.get<{ attempts: AttemptAnswer[] }>(pathOf`/jobs/${id}/attempts`);
      process.stdout.write('\n');
      terminal.printTable(attemptColumns, attempts, 'It has not been started yet.');
    }
    return 0;
  },
};

/** Shows a job; what it has not, and what is as it is with most, is left out. */
function printJob(job: JobAnswer): void {
  const { progress, status } = job;
  printDetails([
    ['id', job.job_id],
    ['type', job.type],
    ['queue', job.queue_name],
    ['status', status],
    [
      'progress',
      progress && `${progress.percent} %${progress.message === null ? '' : `  ${progress.message}`}`,
    ],
    ['error', job.error_message],
    ['priority', job.priority],
    ['attempts', `${job.attempts} of ${job.max_attempts ?? 'any number'}`],
    ['tags', job.tags],
    ['lock', job.lock],
    ['limit key', job.limit_key],
    ['unique key', job.unique_key],
    ['idempotency key', job.idempotency_key],
    ['workflow', job.workflow_id],
    ['depends on', job.depends_on],
    ['created', job.created_at],
    ['scheduled', job.scheduled_at === job.created_at ? null : job.scheduled_at],
    ['started', job.started_at],
    ['finished', job.finished_at],
    ['payload', job.payload],
    ['result', job.result],
  ]);
}

function durationOf({ started_at, ended_at }: AttemptAnswer): string | null {
  if (ended_at === null) return null;
  const ms = Date.parse(ended_at) - Date.parse(started_at);
  return ms < 10_000 ? `${ms} ms` : spoken(ms / 1000);
}
