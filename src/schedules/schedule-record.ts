import { type Action, type Facts, changesBetween } from '../audit-record/index.js';
import type { JsonObject } from '../queue/index.js';
import type { Timing } from './recurrence/timing.js';
import { type Schedule, columnsOf, timingOf } from './schedule.js';
import type { StartedByHand } from './targets/schedule-target.js';

/** What a schedule is, as far as it is put on record. */
type Recorded = Pick<Schedule, 'missed' | 'target'> & { readonly timing: Timing };

/** When it fires and what it starts, without the payloads of that. */
export function factsOf({ timing, missed, target }: Recorded): Facts {
  const [cron, rrule, dtstart, timezone] = columnsOf(timing);
  const { type = null, queue = null, jobs } = target;
  return {
    cron,
    rrule,
    dtstart,
    timezone,
    missed,
    starts: Array.isArray(jobs) ? { jobs: jobs.length } : { type, queue },
  };
}

/** Of what it starts only that it changed. */
export function changesOf(before: Schedule, after: Recorded): Pick<Action, 'before' | 'after'> {
  const facts = (recorded: Recorded): Facts & { target: JsonObject } => ({
    ...factsOf(recorded),
    target: recorded.target,
  });
  return changesBetween(facts({ ...before, timing: timingOf(before) }), facts(after), ['target']);
}

/** What was started by hand; nothing when an earlier request had done so. */
export function startOf(started: StartedByHand): Facts | undefined {
  if (started.kind === 'workflow')
    return started.started.created ? { workflow_id: started.started.id } : undefined;
  const { job, created } = started.enqueued;
  return created ? { job_id: job.id } : undefined;
}
