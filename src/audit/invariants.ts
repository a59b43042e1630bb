import {
  ATTEMPTS_LEFT_OPEN,
  ATTEMPTS_OFF_RECORD,
  BLOCKED_BY_NOTHING,
  COMPLETED_TWICE,
  ENDED_TWICE,
  ENDS_OFF_RECORD,
  OF_NO_WORKFLOW,
  OUT_OF_LINE,
  REVIVED_BY_NOBODY,
  WITHOUT_ITS_KEY,
  WITHOUT_ITS_LOCK,
} from './jobs.sql.js';
import {
  DEPENDENCIES_OF_NOBODY,
  HELD_BY_NOBODY,
  HISTORY_OF_NOBODY,
  KEYS_OF_NOBODY,
  LOCKS_OF_NOBODY,
  MISCOUNTED_WORKFLOWS,
  REMOVED_BEFORE_THEIR_END,
  TICKETS_FOR_NOBODY,
} from './others.sql.js';

/** What a statement is asked about. */
export type Subject =
  'jobs' | 'histories' | 'tickets' | 'locks' | 'keys' | 'dependencies' | 'workflows' | 'workers' | 'removals';

/** Something that always holds in a sound system. */
export interface Invariant {
  /** Its name in figures. */
  readonly name: string;
  readonly subject: Subject;
  readonly means: string;
  readonly remedy: string;
  /** Whether it is about the record of attempts, which nothing can mend. */
  readonly isLedger: boolean;
  readonly statement: string;
}

const MENDED = 'Workers mend it within a minute; if it stays or comes back, read their logs for "Mended".';
const REPORT =
  "No operation of the product leads here: keep the database as it is and report it, with the job's events.";
const RESTORE =
  'Take the jobs from a backup, or ask their clients to send them again: the same idempotency keys make no job twice.';

/** All of them, in the order in which they are told. */
export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'kept_until_its_end',
    subject: 'removals',
    means: 'No job is deleted before it has ended.',
    remedy:
      'The table removed_jobs holds what was deleted: put the jobs back or send them again, then delete those rows.',
    isLedger: false,
    statement: REMOVED_BEFORE_THEIR_END,
  },
  {
    name: 'history_has_job',
    subject: 'histories',
    means: 'Every job that the ledger knows is there.',
    remedy: RESTORE,
    isLedger: true,
    statement: HISTORY_OF_NOBODY,
  },
  {
    name: 'key_has_job',
    subject: 'keys',
    means: 'Every idempotency key names a job that is there, or was discarded after its end.',
    remedy: RESTORE,
    isLedger: false,
    statement: KEYS_OF_NOBODY,
  },
  {
    name: 'dependency_has_job',
    subject: 'dependencies',
    means: 'Every job that depends on another is there.',
    remedy: RESTORE,
    isLedger: false,
    statement: DEPENDENCIES_OF_NOBODY,
  },
  {
    name: 'completed_once',
    subject: 'jobs',
    means: 'No job completes twice.',
    remedy: REPORT,
    isLedger: true,
    statement: COMPLETED_TWICE,
  },
  {
    name: 'attempts_on_record',
    subject: 'jobs',
    means: 'Every attempt of a job is on record.',
    remedy: `${REPORT} Was the trigger record_job_events on jobs disabled?`,
    isLedger: true,
    statement: ATTEMPTS_OFF_RECORD,
  },
  {
    name: 'attempt_ends_once',
    subject: 'jobs',
    means: 'Every attempt ends once.',
    remedy: REPORT,
    isLedger: true,
    statement: ENDED_TWICE,
  },
  {
    name: 'attempt_open_while_running',
    subject: 'jobs',
    means: 'A running job has one open attempt, any other job none.',
    remedy: REPORT,
    isLedger: true,
    statement: ATTEMPTS_LEFT_OPEN,
  },
  {
    name: 'end_on_record',
    subject: 'jobs',
    means: 'A job has ended as the ledger says.',
    remedy: REPORT,
    isLedger: true,
    statement: ENDS_OFF_RECORD,
  },
  {
    name: 'revived_by_somebody',
    subject: 'jobs',
    means: 'A job that has completed or was cancelled runs again only when somebody retries it.',
    remedy: REPORT,
    isLedger: true,
    statement: REVIVED_BY_NOBODY,
  },
  {
    name: 'running_under_worker',
    subject: 'workers',
    means: 'A running job has a worker that lives, or is taken back within half a minute.',
    remedy:
      'Is a worker running? Each takes back the jobs of dead ones; POST /tasks/retry_stalled_jobs does it now.',
    isLedger: false,
    statement: HELD_BY_NOBODY,
  },
  {
    name: 'due_job_in_line',
    subject: 'jobs',
    means: 'A job that is due has a place in line.',
    remedy: MENDED,
    isLedger: false,
    statement: OUT_OF_LINE,
  },
  {
    name: 'ticket_has_job',
    subject: 'tickets',
    means: 'Every place in line belongs to a job that waits there.',
    remedy: MENDED,
    isLedger: false,
    statement: TICKETS_FOR_NOBODY,
  },
  {
    name: 'lock_is_held',
    subject: 'jobs',
    means: 'A job with a lock holds it from the moment it is in line.',
    remedy: MENDED,
    isLedger: false,
    statement: WITHOUT_ITS_LOCK,
  },
  {
    name: 'lock_has_job',
    subject: 'locks',
    means: 'Every lock is held by a job that has not ended.',
    remedy: MENDED,
    isLedger: false,
    statement: LOCKS_OF_NOBODY,
  },
  {
    name: 'blocked_by_something',
    subject: 'jobs',
    means: 'Something blocks every blocked job: its lock, or parents that have not ended.',
    remedy: MENDED,
    isLedger: false,
    statement: BLOCKED_BY_NOTHING,
  },
  {
    name: 'job_has_workflow',
    subject: 'jobs',
    means: 'The workflow of a job is there.',
    remedy: RESTORE,
    isLedger: false,
    statement: OF_NO_WORKFLOW,
  },
  {
    name: 'workflow_counts_its_jobs',
    subject: 'workflows',
    means: 'A workflow knows how many of its jobs have not ended, and has ended when none is left.',
    remedy: MENDED,
    isLedger: false,
    statement: MISCOUNTED_WORKFLOWS,
  },
  {
    name: 'key_is_held',
    subject: 'jobs',
    means: 'A job has its idempotency key, and its unique key while it holds it.',
    remedy:
      'Somebody deleted the key: the same request would make a second job. Insert the row into job_keys again.',
    isLedger: false,
    statement: WITHOUT_ITS_KEY,
  },
];
