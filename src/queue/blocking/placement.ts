import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { Job, JsonObject } from '../job.entity.js';
import { Locks, byCreation } from './locks.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { PLACE_JOBS } from './waiting.sql.js';

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
  readonly event: 'retried' | 'run_now' | 'updated' | 'replaced' | 'unblocked' | 'blocked';
  readonly actor: string | null;
  readonly openDependencies: number;
  readonly changes?: JobChanges;
  /** The database says that its time has come, whatever the clock of this process says. */
  readonly isDue?: boolean;
  /** It starts over: its limit of executions is raised by this number. */
  readonly raise?: number;
}

interface Place {
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

/** Puts waiting jobs where they belong: into the line, behind a lock, behind other jobs, or aside until their time. */
@Injectable()
export class Placement {
  constructor(
    private readonly locks: Locks,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * @returns the jobs as they are now, and with them those that got a lock which one of these gave up; whoever is
   * `ticketed` is owed a ticket
   */
  async place(session: Session, placings: readonly Placing[]): Promise<{ placed: Job[]; unblocked: Job[] }> {
    if (placings.length === 0) return { placed: [], unblocked: [] };
    const places = placings.map((placing) => this.placeOf(placing)).sort(inLine);
    const holders = await this.locks.acquire(session, places.filter(joinsLock).map(jobOf));
    const rows = places.map((place) => this.rowOf(place, holders));
    const { rows: placed } = await session.query<Job>(PLACE_JOBS, [JSON.stringify(rows)]);
    const leavers = places.filter(leavesLock).map(({ placing }) => placing.job.id);
    return { placed, unblocked: await this.locks.handOn(session, leavers) };
  }

  private placeOf(placing: Placing): Place {
    const at = placing.changes?.scheduledAt ?? placing.job.scheduledAt;
    return { placing, at, isDue: placing.isDue === true || at.getTime() <= this.clock.now() + CLOCK_LAG_MS };
  }

  private rowOf({ placing, at, isDue }: Place, holders: ReadonlySet<string>) {
    const { job, openDependencies, changes = {}, raise, actor } = placing;
    const isFree = openDependencies === 0 && (job.lock === null || !isDue || holders.has(job.id));
    const isSoon = isDue || at.getTime() <= this.clock.now() + TICKET_HORIZON_MS;
    return {
      id: job.id,
      status: isFree ? 'PENDING' : 'BLOCKED',
      ticketed: isFree && isSoon && (job.lock === null || isDue),
      queue: changes.queue ?? null,
      priority: changes.priority ?? null,
      payload: changes.payload ?? null,
      scheduled_at: changes.scheduledAt ? changes.scheduledAt.toISOString() : null,
      open_dependencies: openDependencies,
      raise: raise ?? 0,
      starts_over: raise !== undefined,
      event: placing.event === 'unblocked' && !isFree ? 'blocked' : placing.event,
      actor,
    };
  }
}

function jobOf({ placing }: Place): PlacedJob {
  return placing.job;
}

function joinsLock(place: Place): boolean {
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
function leavesLock({ placing, isDue }: Place): boolean {
  return placing.job.lock !== null && !isDue && placing.job.attempts === 0;
}

function inLine(a: Place, b: Place): number {
  return byCreation(jobOf(a), jobOf(b));
}
