import type { Job, QueueLimits } from '../../queue/index.js';
import type { SeenCircuit, ServingWorkers } from '../../worker/index.js';
import type { NamedJob } from './explanation.response.js';

/** Nobody reads more names, nor counts further. */
export const MOST_PARENTS = 20;
export const MOST_AHEAD = 10_000;

/** A job and all around it, at one moment. */
export interface Surroundings extends Pick<
  Job,
  | 'id'
  | 'type'
  | 'queue'
  | 'status'
  | 'attempts'
  | 'maxAttempts'
  | 'interruptions'
  | 'ticketed'
  | 'lock'
  | 'limitKey'
  | 'workerId'
  | 'errorMessage'
  | 'openDependencies'
  | 'cancelRequestedAt'
  | 'scheduledAt'
  | 'startedAt'
  | 'finishedAt'
  | 'lastEvent'
  | 'lastActor'
> {
  /** The database's time. */
  readonly now: Date;
  /** Its type is one for external workers. */
  readonly isDeclared: boolean;
  /** The first of the jobs it waits for. */
  readonly parents: readonly NamedJob[];
  /** Of a job that must run alone: the first of those that do so now, on any worker. */
  readonly runningAlone: readonly NamedJob[];
  /** Another job that holds its lock. */
  readonly lockHolder: string | null;
  readonly lockHolderStatus: Job['status'] | null;
  /** How many wait for the lock before it. */
  readonly lockAhead: number;
  readonly pausedAt: Date | null;
  readonly pausedUntil: Date | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
}

/** The same, with who could run it. */
export interface Circumstances extends Surroundings {
  /** Jobs ahead of it in line; undefined = it is not in line. */
  readonly ahead: number | undefined;
  readonly serving: ServingWorkers;
  /** That of its type; undefined = it has none, or has never failed. */
  readonly circuit: SeenCircuit | undefined;
  /** Of its queue, and of its key if it has one; undefined = there are none. */
  readonly limits: QueueLimits | undefined;
}
