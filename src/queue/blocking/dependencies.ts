import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import {
  CANCEL_DEPENDENTS,
  COUNT_DOWN,
  INSERT_DEPENDENCIES,
  LOCK_DEPENDENTS,
  LOCK_PARENTS,
  MARK_PARENTS,
} from './dependencies.sql.js';
import type { JobStatus } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { type ResolvedJob, faultOf } from '../enqueue/new-job.js';
import { type Placing, unblocking } from './place.js';

/** A job that has ended. */
export type EndedJob = Pick<Job, 'id' | 'status' | 'lock' | 'hasDependents'>;

/** A parent as it stands while this transaction holds it. */
export interface Parent {
  readonly id: string;
  readonly status: JobStatus;
}

/** Jobs that wait for other jobs: they are BLOCKED until all of those are COMPLETED, and cancelled when one is not. */
@Injectable()
export class Dependencies {
  /**
   * Holds the parents of new jobs as they are, so that none ends unseen, and tells them that somebody waits.
   * Parents may be of the same call: those that are new are not in the answer. One that has failed is told too: it
   * may be retried, and this job with it.
   * @throws DomainError validation_failed when a parent is neither stored nor an earlier job of this call
   */
  async hold(session: Session, jobs: readonly ResolvedJob[]): Promise<ReadonlyMap<string, Parent>> {
    const parents = await this.holdParents(
      session,
      jobs.flatMap((job) => job.depends_on),
    );
    refuseUnknown(jobs, parents);
    const open = [...parents.values()].filter(({ status }) => status !== 'COMPLETED');
    if (open.length > 0) await session.query(MARK_PARENTS, [open.map(({ id }) => id)]);
    return parents;
  }

  /** Parents that are there, held until this transaction ends. */
  async holdParents(session: Session, ids: readonly string[]): Promise<Map<string, Parent>> {
    if (ids.length === 0) return new Map();
    const { rows } = await session.query<Parent>(LOCK_PARENTS, [[...new Set(ids)]]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Writes down who waits for whom. */
  async link(session: Session, jobs: readonly Pick<ResolvedJob, 'id' | 'depends_on'>[]): Promise<void> {
    const pairs = jobs.flatMap(({ id, depends_on }) => depends_on.map((parent) => [parent, id] as const));
    if (pairs.length === 0) return;
    await session.query(INSERT_DEPENDENCIES, [
      pairs.map(([parent]) => parent),
      pairs.map(([, child]) => child),
    ]);
  }

  /**
   * Tells the dependents of ended jobs, and theirs in turn.
   * @returns the jobs that wait for no other any more, and those that were cancelled
   */
  async release(
    session: Session,
    ended: readonly EndedJob[],
  ): Promise<{ free: Placing[]; cancelled: Job[] }> {
    const free: Placing[] = [];
    const cancelled: Job[] = [];
    let generation = ended.filter((job) => job.hasDependents);
    while (generation.length > 0) {
      const next = await this.releaseChildren(session, generation);
      free.push(...next.free);
      cancelled.push(...next.cancelled);
      generation = next.cancelled.filter((job) => job.hasDependents);
    }
    return { free, cancelled };
  }

  private async releaseChildren(session: Session, parents: readonly EndedJob[]) {
    const { rows: children } = await session.query<Job>(LOCK_DEPENDENTS, [parents.map(({ id }) => id)]);
    const { doomed, counted } = fatesOf(children, parents);
    await this.countDown(
      session,
      counted.filter(({ open }) => open > 0),
    );
    const { rows: cancelled } =
      doomed.length > 0
        ? await session.query<Job>(CANCEL_DEPENDENTS, [JSON.stringify(doomed)])
        : { rows: [] };
    const free = counted.filter(({ open }) => open <= 0).map(({ child }) => unblocking(child));
    return { free, cancelled };
  }

  private async countDown(session: Session, counted: readonly { child: Job; open: number }[]): Promise<void> {
    if (counted.length === 0) return;
    await session.query(COUNT_DOWN, [counted.map(({ child }) => child.id), counted.map(({ open }) => open)]);
  }
}

/** What the end of jobs means for those that wait for them: cancelled because of one, or one less to wait for. */
export function fatesOf(children: readonly Job[], parents: readonly EndedJob[]) {
  const byId = new Map(parents.map((parent) => [parent.id, parent]));
  const doomed = children.flatMap((child) => {
    const parent = parentsOf(child, byId).find(({ status }) => status !== 'COMPLETED');
    return parent ? [{ id: child.id, error: dependencyError(parent) }] : [];
  });
  const ids = new Set(doomed.map(({ id }) => id));
  const counted = children
    .filter(({ id }) => !ids.has(id))
    .map((child) => ({ child, open: child.openDependencies - parentsOf(child, byId).length }));
  return { doomed, counted };
}

/** What a dependent that is cancelled says. */
function dependencyError({ id, status }: EndedJob) {
  return { name: 'DependencyFailed', message: `Job ${id}, which this one depends on, ended ${status}` };
}

function parentsOf(child: Job, ended: ReadonlyMap<string, EndedJob>): EndedJob[] {
  return child.dependsOn.flatMap((id) => ended.get(id) ?? []);
}

/**
 * Only jobs that stand before it can be meant: that rules out circles.
 * @throws DomainError validation_failed when a parent is neither stored nor an earlier job of this call
 */
export function refuseUnknown(jobs: readonly ResolvedJob[], parents: ReadonlyMap<string, Parent>): void {
  const before = new Set<string>();
  for (const job of jobs) {
    const index = job.depends_on.findIndex((id) => !parents.has(id) && !before.has(id));
    if (index >= 0) {
      const detail = `There is no job "${job.depends_on[index]}" to depend on`;
      throw faultOf(job, `/depends_on/${index}`, detail, 'job_not_found');
    }
    before.add(job.id);
  }
}
