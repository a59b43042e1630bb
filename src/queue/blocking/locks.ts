import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import {
  ACQUIRE_LOCKS,
  FREE_LOCKS,
  GIVE_BACK_LOCKS,
  HAND_ON_LOCKS,
  SELECT_SUCCESSORS,
  TAKE_HELD_LOCKS,
} from './locks.sql.js';
import { LOCK_BLOCKED, UNBLOCK_JOBS } from './waiting.sql.js';

/** The order in which jobs of one lock start. */
export function byCreation(a: Pick<Job, 'id' | 'createdAt'>, b: Pick<Job, 'id' | 'createdAt'>): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

type LockedJob = Pick<Job, 'id' | 'lock'>;

/**
 * Locks: of the jobs with the same one, the holder may be in line or run, the others are BLOCKED. A job holds its
 * lock from the moment it may start until it has ended, also while its retry waits.
 */
@Injectable()
export class Locks {
  /**
   * Asks for the locks of jobs that may start now, the one created first before the others. Takes each lock until
   * the transaction ends, so that no other job joins or leaves its line meanwhile.
   * @returns the ids of the jobs that hold their lock
   */
  async acquire(session: Session, jobs: readonly LockedJob[]): Promise<ReadonlySet<string>> {
    if (jobs.length === 0) return new Set();
    const { rows } = await session.query<{ holder: string }>(ACQUIRE_LOCKS, [
      jobs.map((job) => job.id),
      jobs.map((job) => job.lock),
    ]);
    return new Set(rows.map((row) => row.holder));
  }

  /** Undoes the acquisition of locks that were free before: nobody stands in their line. */
  async giveBack(session: Session, jobs: readonly LockedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await session.query(GIVE_BACK_LOCKS, [jobs.map((job) => job.id), jobs.map((job) => job.lock)]);
  }

  /**
   * Hands the locks of jobs that hold theirs no longer to the next in line.
   * @returns the jobs that may start now; the caller owes them a ticket
   */
  async handOn(session: Session, formerHolders: readonly string[]): Promise<Job[]> {
    if (formerHolders.length === 0) return [];
    const { rows } = await session.query<{ lockHash: string }>(TAKE_HELD_LOCKS, [formerHolders]);
    return this.giveToNext(
      session,
      rows.map((row) => row.lockHash),
    );
  }

  /**
   * Gives locks, which this transaction has taken, to the next in line.
   * @returns the jobs that may start now; the caller owes them a ticket
   */
  async giveToNext(session: Session, locks: readonly string[]): Promise<Job[]> {
    const successors: Job[] = [];
    let open = locks;
    // Whoever was first in line may have been cancelled in the moment before its row was ours: ask again.
    while (open.length > 0) {
      const promoted = await this.promoteFirst(session, open);
      successors.push(...promoted.jobs);
      open = promoted.stillOpen;
    }
    return successors;
  }

  private async promoteFirst(
    session: Session,
    locks: readonly string[],
  ): Promise<{ jobs: Job[]; stillOpen: string[] }> {
    const { rows } = await session.query<{ lockHash: string; id: string | null }>(SELECT_SUCCESSORS, [locks]);
    const unwanted = rows.filter((row) => row.id === null).map((row) => row.lockHash);
    if (unwanted.length > 0) await session.query(FREE_LOCKS, [unwanted]);
    const lockOf = new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.id, row.lockHash] as const])));
    if (lockOf.size === 0) return { jobs: [], stillOpen: [] };
    const { rows: locked } = await session.query<{ id: string }>(LOCK_BLOCKED, [[...lockOf.keys()]]);
    const ids = locked.map((row) => row.id);
    const taken = ids.map((id) => lockOf.get(id));
    const stillOpen = [...lockOf.values()].filter((lock) => !taken.includes(lock));
    if (ids.length === 0) return { jobs: [], stillOpen };
    await session.query(HAND_ON_LOCKS, [taken, ids]);
    const { rows: jobs } = await session.query<Job>(UNBLOCK_JOBS, [ids]);
    return { jobs, stillOpen };
  }
}
