import type { Job, JsonObject } from '../job.entity.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { byCreation } from './locks.js';

/** What a waiting job may take on. */
export interface JobChanges {
  readonly queue?: string;
  /** 1 (first) to 10 (last). */
  readonly priority?: number;
  readonly payload?: JsonObject;
  /** The earliest start; a time that has passed means now. */
  readonly scheduledAt?: Date;
}

/** What decides where a job belongs. */
export type PlacedJob = Pick<
  Job,
  'id' | 'status' | 'lock' | 'attempts' | 'scheduledAt' | 'createdAt' | 'openDependencies'
>;

/** A job that is to wait, and what the ledger says about it. */
export interface Placing {
  /** Its row, locked by this transaction. */
  readonly job: PlacedJob;
  readonly event: 'retried' | 'revived' | 'run_now' | 'updated' | 'replaced' | 'unblocked' | 'blocked';
  readonly actor: string | null;
  readonly openDependencies: number;
  readonly changes?: JobChanges;
  /** The database says that its time has come, whatever the clock of this process says. */
  readonly isDue?: boolean;
  /** It starts over: its limit of executions is raised by this number. */
  readonly raise?: number;
}

/** A job that is to wait, and its time. */
export interface Place {
  readonly placing: Placing;
  readonly isDue: boolean;
  readonly at: Date;
}

/**
 * How far (ms) this process's clock may lie behind the database's, which a job that was stored a moment ago has its time
 * from: it must not be taken for one that is scheduled, and lose its lock over it.
 */
const CLOCK_LAG_MS = 100;

/** The time that means now: it has passed. */
export const NOW = new Date(0);

/** Nothing is in the way of a blocked job any more, but perhaps its lock. */
export function unblocking(job: PlacedJob): Placing {
  return { job, event: 'unblocked', actor: null, openDependencies: 0 };
}

/** @param now the database's time, epoch ms */
export function placeOf(placing: Placing, now: number): Place {
  const at = placing.changes?.scheduledAt ?? placing.job.scheduledAt;
  return { placing, at, isDue: placing.isDue === true || at.getTime() <= now + CLOCK_LAG_MS };
}

/** What is to be written of a job, given who holds the locks that were asked for. */
export function placedRow({ placing, at, isDue }: Place, holders: ReadonlySet<string>, now: number) {
  const { job, openDependencies, changes = {}, raise, actor } = placing;
  const isFree = openDependencies === 0 && (job.lock === null || !isDue || holders.has(job.id));
  const isSoon = isDue || at.getTime() <= now + TICKET_HORIZON_MS;
  return {
    id: job.id,
    status: isFree ? ('PENDING' as const) : ('BLOCKED' as const),
    ticketed: isFree && isSoon && (job.lock === null || isDue),
    queue: changes.queue ?? null,
    priority: changes.priority ?? null,
    payload: changes.payload ?? null,
    scheduled_at: changes.scheduledAt ? changes.scheduledAt.toISOString() : null,
    open_dependencies: openDependencies,
    raise: raise ?? 0,
    starts_over: raise !== undefined,
    event: placing.event === 'unblocked' && !isFree ? ('blocked' as const) : placing.event,
    actor,
  };
}

export function jobOf({ placing }: Place): PlacedJob {
  return placing.job;
}

/** Whether it must ask for its lock. */
export function joinsLock(place: Place): boolean {
  const { placing, isDue } = place;
  return placing.job.lock !== null && placing.openDependencies === 0 && isDue && !standsInLine(place);
}

/**
 * It is behind its lock already. To ask for the lock once more would be to wait, with its row locked, for whoever is
 * about to hand that lock to it.
 */
function standsInLine({ placing: { job, event } }: Place): boolean {
  return job.status === 'BLOCKED' && job.openDependencies === 0 && event !== 'unblocked';
}

/** A job that never started and is moved to later gives its lock up; one whose retry waits keeps it. */
export function leavesLock({ placing, isDue }: Place): boolean {
  return placing.job.lock !== null && !isDue && placing.job.attempts === 0;
}

/** The order in which a lock lets them start. */
export function inLine(a: Place, b: Place): number {
  return byCreation(jobOf(a), jobOf(b));
}
