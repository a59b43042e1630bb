import type { Facts, JobFact, LedgerEvent } from './facts.js';
import { type Finding, fault } from './finding.js';

/** Events that end an attempt. */
const ENDS = new Set(['completed', 'failed', 'timed_out', 'interrupted', 'released', 'snoozed', 'cancelled']);

/** Compares the ledger with the jobs, and with what handlers told the recorder. */
export function checkLedger({
  jobs,
  events,
  records,
}: Pick<Facts, 'jobs' | 'events' | 'records'>): Finding[] {
  const byJob = Map.groupBy(events, ({ job }) => job);
  const of = (job: JobFact) => byJob.get(job.id) ?? [];
  const known = new Set(jobs.map(({ id }) => id));
  const started = new Set(events.filter(({ event }) => event === 'started').map(attemptOf));
  return [
    fault(
      'doubly completed',
      jobs
        .filter((job) => of(job).filter(({ event }) => event === 'completed').length > 1)
        .map(({ id }) => id),
    ),
    fault('ledger gaps', [
      ...jobs.flatMap((job) => gapsOf(job, of(job))),
      ...[...byJob.keys()].filter((id) => !known.has(id)).map((id) => `${id}: events without a job`),
      ...records
        .filter(
          (record) => record.event === 'started' && known.has(record.job) && !started.has(attemptOf(record)),
        )
        .map(
          (record) => `${record.job}: its handler ran as attempt ${record.attempt}, which is not on record`,
        ),
    ]),
  ];
}

function attemptOf({ job, attempt }: { readonly job: string; readonly attempt: number }): string {
  return `${job} ${attempt}`;
}

/** Attempts are numbered without a gap, each ends once, before the next begins, and the last one as the job says. */
function gapsOf(job: JobFact, events: readonly LedgerEvent[]): string[] {
  const gaps: string[] = [];
  let attempts = 0;
  let open = false;
  for (const { event, attempt } of events) {
    if (event === 'started') {
      if (open) gaps.push(`attempt ${attempts} has no end`);
      attempts += 1;
      if (attempt !== attempts) gaps.push(`attempt ${attempt} follows ${attempts - 1}`);
      open = true;
    } else if (ENDS.has(event)) {
      const isOfWaiting = event === 'cancelled' && !open;
      if (!isOfWaiting && (!open || attempt !== attempts))
        gaps.push(`attempt ${attempt} ended once more as ${event}`);
      open = false;
    }
  }
  if (attempts !== job.attempts) gaps.push(`${job.attempts} attempts, of which ${attempts} are on record`);
  if (open !== (job.status === 'PROCESSING'))
    gaps.push(`${job.status}, its last attempt is ${open ? 'open' : 'ended'}`);
  const last = events.findLast(({ event }) => ENDS.has(event))?.event;
  if (job.status === 'COMPLETED' && last !== 'completed')
    gaps.push(`COMPLETED, but its last attempt ${last}`);
  return gaps.map((gap) => `${job.id}: ${gap}`);
}
