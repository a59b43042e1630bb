import type { Entry } from './command.js';

/** Commands that call the public API of a running service. */
export const serviceCommands: readonly Entry[] = [
  {
    name: 'submit',
    summary: 'Submit a job, or as many as a file holds.',
    load: async () => (await import('./commands/submit/submit.js')).submit,
  },
  {
    name: 'jobs list',
    summary: 'List jobs, the newest first.',
    load: async () => (await import('./commands/jobs/list.js')).list,
  },
  {
    name: 'jobs show',
    summary: 'Show a job with its attempts.',
    load: async () => (await import('./commands/jobs/show.js')).show,
  },
  {
    name: 'jobs watch',
    summary: 'Follow a job live until it has ended.',
    load: async () => (await import('./commands/jobs/watch.js')).watch,
  },
  {
    name: 'jobs logs',
    summary: 'Show what the handler of a job has logged.',
    load: async () => (await import('./commands/jobs/logs.js')).logs,
  },
  {
    name: 'jobs events',
    summary: 'Show the history of a job.',
    load: async () => (await import('./commands/jobs/events.js')).events,
  },
  {
    name: 'jobs explain',
    summary: 'Say why a job is not running.',
    load: async () => (await import('./commands/jobs/explain.js')).explain,
  },
  {
    name: 'jobs cancel',
    summary: 'Cancel jobs: waiting ones at once, running ones by a signal to their handlers.',
    load: async () => (await import('./commands/jobs/cancel.js')).cancel,
  },
  {
    name: 'jobs retry',
    summary: 'Run failed or cancelled jobs once more, under the same ids.',
    load: async () => (await import('./commands/jobs/retry.js')).retry,
  },
  {
    name: 'jobs run-now',
    summary: 'Start scheduled jobs, or those whose retry waits, now.',
    load: async () => (await import('./commands/jobs/run-now.js')).runNow,
  },
  {
    name: 'queues list',
    summary: 'List the queues: what waits, runs and fails.',
    load: async () => (await import('./commands/queues/list.js')).list,
  },
  {
    name: 'queues show',
    summary: 'Show one queue.',
    load: async () => (await import('./commands/queues/show.js')).show,
  },
  {
    name: 'queues pause',
    summary: 'Let no job of a queue start.',
    load: async () => (await import('./commands/queues/pause.js')).pause,
  },
  {
    name: 'queues resume',
    summary: 'Let the jobs of a queue start again.',
    load: async () => (await import('./commands/queues/resume.js')).resume,
  },
  {
    name: 'queues limits',
    summary: 'Show or set how often and how many jobs of a queue run.',
    load: async () => (await import('./commands/queues/limits.js')).limits,
  },
  {
    name: 'queues objective',
    summary: 'Show or set how soon the jobs of a queue are to start.',
    load: async () => (await import('./commands/queues/objective.js')).objective,
  },
  {
    name: 'schedules list',
    summary: 'List the schedules.',
    load: async () => (await import('./commands/schedules/list.js')).list,
  },
  {
    name: 'schedules show',
    summary: 'Show a schedule with its latest runs.',
    load: async () => (await import('./commands/schedules/show.js')).show,
  },
  {
    name: 'schedules preview',
    summary: 'Show when a schedule fires, or would.',
    load: async () => (await import('./commands/schedules/preview.js')).preview,
  },
  {
    name: 'schedules create',
    summary: 'Create a schedule.',
    load: async () => (await import('./commands/schedules/create.js')).create,
  },
  {
    name: 'schedules pause',
    summary: 'Let a schedule fire no more.',
    load: async () => (await import('./commands/schedules/pause.js')).pause,
  },
  {
    name: 'schedules resume',
    summary: 'Let a schedule fire again.',
    load: async () => (await import('./commands/schedules/resume.js')).resume,
  },
  {
    name: 'schedules run',
    summary: 'Start what a schedule starts, now.',
    load: async () => (await import('./commands/schedules/run.js')).run,
  },
  {
    name: 'schedules delete',
    summary: 'Delete a schedule.',
    load: async () => (await import('./commands/schedules/delete.js')).remove,
  },
  {
    name: 'workflows list',
    summary: 'List workflows and groups, the newest first.',
    load: async () => (await import('./commands/workflows/list.js')).list,
  },
  {
    name: 'workflows show',
    summary: 'Show a workflow and its graph.',
    load: async () => (await import('./commands/workflows/show.js')).show,
  },
  {
    name: 'workflows cancel',
    summary: 'Cancel all jobs of workflows.',
    load: async () => (await import('./commands/workflows/cancel.js')).cancel,
  },
  {
    name: 'workflows retry',
    summary: 'Run the failed jobs of workflows once more.',
    load: async () => (await import('./commands/workflows/retry.js')).retry,
  },
  {
    name: 'dead-letters list',
    summary: 'List the jobs that failed for good, the latest first.',
    load: async () => (await import('./commands/dead-letters/list.js')).list,
  },
  {
    name: 'dead-letters groups',
    summary: 'List the causes of failures.',
    load: async () => (await import('./commands/dead-letters/groups.js')).groups,
  },
  {
    name: 'dead-letters show',
    summary: 'Show a job that failed for good.',
    load: async () => (await import('./commands/dead-letters/show.js')).show,
  },
  {
    name: 'dead-letters redrive',
    summary: 'Run jobs that failed for good again.',
    load: async () => (await import('./commands/dead-letters/redrive.js')).redrive,
  },
  {
    name: 'dead-letters discard',
    summary: 'Delete jobs that failed for good.',
    load: async () => (await import('./commands/dead-letters/discard.js')).discard,
  },
  {
    name: 'dead-letters resolve',
    summary: 'Say that causes of failures are mended.',
    load: async () => (await import('./commands/dead-letters/resolve.js')).resolve,
  },
  {
    name: 'dead-letters ignore',
    summary: 'Say that causes of failures do no harm.',
    load: async () => (await import('./commands/dead-letters/ignore.js')).ignore,
  },
  {
    name: 'dead-letters reopen',
    summary: 'Say that causes of failures are not seen to.',
    load: async () => (await import('./commands/dead-letters/reopen.js')).reopen,
  },
  {
    name: 'operations list',
    summary: 'List changes of many jobs, the latest first.',
    load: async () => (await import('./commands/operations/list.js')).list,
  },
  {
    name: 'operations watch',
    summary: 'Follow a change of many jobs until its end.',
    load: async () => (await import('./commands/operations/watch.js')).watch,
  },
  {
    name: 'operations abort',
    summary: 'End a change of many jobs.',
    load: async () => (await import('./commands/operations/abort.js')).abort,
  },
  {
    name: 'workers list',
    summary: 'List the workers, and what they do.',
    load: async () => (await import('./commands/workers/list.js')).list,
  },
  {
    name: 'workers drain',
    summary: 'Let workers finish their jobs and end.',
    load: async () => (await import('./commands/workers/drain.js')).drain,
  },
  {
    name: 'workers needed',
    summary: 'Reckon how many workers there should be.',
    load: async () => (await import('./commands/workers/needed.js')).needed,
  },
  {
    name: 'audit-log',
    summary: 'Show who did what to jobs, queues, schedules, webhooks, keys and the rest, the latest first.',
    load: async () => (await import('./commands/audit-log.js')).auditLog,
  },
];
