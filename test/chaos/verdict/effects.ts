import type { Facts } from './facts.js';
import { isChild, tell } from './accounts.js';
import { type Finding, fault, figure } from './finding.js';

const TRANSACTION = 'chaos_transaction';

/** Whether what completed jobs were to do was done, and how often. */
export function checkEffects(facts: Pick<Facts, 'jobs' | 'events' | 'effects' | 'records'>): Finding[] {
  return [
    fault('completed without its effect', falselyCompleted(facts)),
    fault('transaction not exactly once', inexactTransactions(facts)),
    figure('effects more than once', repeatedEffects(facts)),
  ];
}

/** A handler leaves its effect before it returns, so the attempt that completed the job must have left one. */
function falselyCompleted({ jobs, events, records }: Pick<Facts, 'jobs' | 'events' | 'records'>): string[] {
  const effects = new Set(
    records.filter(({ event }) => event === 'effect').map(({ job, attempt }) => `${job} ${attempt}`),
  );
  const completing = new Map(
    events.filter(({ event }) => event === 'completed').map((event) => [event.job, event.attempt]),
  );
  return jobs
    .filter(
      ({ type, status, id }) =>
        type === 'chaos_work' && status === 'COMPLETED' && !effects.has(`${id} ${completing.get(id)}`),
    )
    .map(tell);
}

/** The rows of a transaction, and the job it enqueued, are there when its job has completed, and only then. */
function inexactTransactions({
  jobs,
  events,
  effects,
}: Pick<Facts, 'jobs' | 'events' | 'effects'>): string[] {
  const rows = Map.groupBy(effects, ({ job }) => job);
  const completing = new Map(
    events.filter(({ event }) => event === 'completed').map((event) => [event.job, event.attempt]),
  );
  const transactions = jobs.filter(({ type }) => type === TRANSACTION);
  const inexact = transactions.flatMap((job) => {
    const attempts = (rows.get(job.id) ?? []).map(({ attempt }) => attempt);
    const expected = job.status === 'COMPLETED' ? [completing.get(job.id)] : [];
    return attempts.join() === expected.join()
      ? []
      : [`${tell(job)}, written by attempts [${attempts.join()}]`];
  });
  return [...inexact, ...strayChildren(jobs)];
}

function strayChildren(jobs: Facts['jobs']): string[] {
  const completed = new Set(jobs.filter(({ status }) => status === 'COMPLETED').map(({ id }) => id));
  const children = Map.groupBy(jobs.filter(isChild), ({ marker }) => marker!.replace('child of ', ''));
  return [...children].flatMap(([parent, enqueued]) =>
    enqueued.length === 1 && completed.has(parent) ? [] : [`${parent} enqueued ${enqueued.length} jobs`],
  );
}

/** Outside of a transaction an effect may happen again: its worker died before it could say that it had happened. */
function repeatedEffects({ records }: Pick<Facts, 'records'>): string[] {
  const byJob = Map.groupBy(
    records.filter(({ event }) => event === 'effect'),
    ({ job }) => job,
  );
  return [...byJob]
    .filter(([, effects]) => effects.length > 1)
    .map(([job, effects]) => `${job}: ${effects.length} times`);
}
