import { Injectable } from '@nestjs/common';
import { portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import {
  CANCEL_DEPENDENTS,
  INSERT_DEPENDENCIES,
  LOCK_DEPENDENTS,
  LOCK_PARENTS,
  MARK_PARENTS,
  SELECT_CHILDREN,
  SELECT_DOOMED,
  SELECT_TOLERATED,
  SET_OPEN,
} from './dependencies.sql.js';
import type { JobStatus } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { type ResolvedJob, faultOf } from '../enqueue/new-job.js';
import { type Doomed, edgeBetween, fatesOf } from './fates.js';
import { type PlacedJob, type Placing, unblocking } from './place.js';

/** Edges of one statement. */
const MOST_EDGES = 10_000;

/** A job that has ended, and what of it concerns others. */
export type EndedJob = Pick<Job, 'id' | 'status' | 'lock' | 'hasDependents' | 'workflowId' | 'workflowRef'>;

/** A job that waits, or waited, for others. */
export type Dependent = EndedJob & PlacedJob & Pick<Job, 'queue' | 'type' | 'dependsOn'>;

/** A parent as it stands while this transaction holds it. */
export interface Parent {
  readonly id: string;
  readonly status: JobStatus;
}

/** Jobs that wait for other jobs: they are BLOCKED until all of those have ended, and cancelled when one of them fails
 *  after which they do not go on. */
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

  /** Writes down who waits for whom. What stands there already stays as it is. */
  async link(
    session: Session,
    jobs: readonly Pick<ResolvedJob, 'id' | 'depends_on' | 'tolerates'>[],
  ): Promise<void> {
    const edges = jobs.flatMap(({ id, depends_on, tolerates }) => {
      const tolerated = new Set(tolerates);
      return depends_on.map((parent) => ({
        parent,
        id,
        word: tolerated.has(parent) ? 'continue' : 'cancel',
      }));
    });
    for (const portion of portions(edges, MOST_EDGES)) {
      await session.query(INSERT_DEPENDENCIES, [
        portion.map(({ parent }) => parent),
        portion.map(({ id }) => id),
        portion.map(({ word }) => word),
      ]);
    }
  }

  /**
   * Tells the dependents of ended jobs, and theirs in turn.
   * @returns the jobs that wait for no other any more, and those that were cancelled
   */
  async release(
    session: Session,
    ended: readonly Pick<EndedJob, 'id' | 'status' | 'hasDependents'>[],
  ): Promise<{ free: Placing[]; cancelled: Dependent[] }> {
    let free: Placing[] = [];
    let cancelled: Dependent[] = [];
    const told = new Set<string>();
    let parents = ended.filter((job) => job.hasDependents);
    // Once more for those that were cancelled: a job that came for one of them before its row was ours was not seen.
    while (parents.length > 0) {
      const next = await this.tellDependents(session, parents, told);
      free = free.concat(next.free);
      cancelled = cancelled.concat(next.cancelled);
      parents = next.cancelled.filter((job) => job.hasDependents);
    }
    return { free, cancelled };
  }

  /** Cancels jobs, whose rows are locked, because of those they depend on. Their own dependents are not told. */
  async cancel(session: Session, doomed: readonly Doomed[]): Promise<Dependent[]> {
    const cancelled: Dependent[] = [];
    for (const portion of portions(doomed)) {
      const { rows } = await session.query<Dependent>(CANCEL_DEPENDENTS, [JSON.stringify(portion)]);
      cancelled.push(...rows);
    }
    return cancelled;
  }

  /**
   * Jobs that wait for these parents among others, locked in the order of their ids. However many there are, no
   * statement takes longer than it may: their parents could never end.
   */
  async lockDependents(session: Session, parents: readonly string[]): Promise<Dependent[]> {
    const children = new Set<string>();
    for (const portion of portions(parents)) {
      const { rows } = await session.query<{ id: string }>(SELECT_CHILDREN, [portion]);
      for (const { id } of rows) children.add(id);
    }
    const locked: Dependent[] = [];
    for (const portion of portions([...children].sort())) {
      locked.push(...(await session.query<Dependent>(LOCK_DEPENDENTS, [portion])).rows);
    }
    return locked;
  }

  /** On which edges the failure of these parents changes nothing. */
  async toleratedOf(session: Session, parents: readonly string[]): Promise<ReadonlySet<string>> {
    if (parents.length === 0) return new Set();
    const { rows } = await session.query<{ parent: string; child: string }>(SELECT_TOLERATED, [parents]);
    return new Set(rows.map(({ parent, child }) => edgeBetween(parent, child)));
  }

  /** Writes down for how many others jobs wait, which go on waiting. */
  async setOpen(
    session: Session,
    counted: readonly { child: { id: string }; open: number }[],
  ): Promise<void> {
    for (const portion of portions(counted))
      await session.query(SET_OPEN, [portion.map(({ child }) => child.id), portion.map(({ open }) => open)]);
  }

  private async tellDependents(
    session: Session,
    parents: readonly { id: string; status: JobStatus }[],
    told: Set<string>,
  ): Promise<{ free: Placing[]; cancelled: Dependent[] }> {
    const failed = parents.filter(({ status }) => status !== 'COMPLETED').map(({ id }) => id);
    const further = await this.doomedBy(session, failed);
    const children = await this.lockDependents(session, [...parents.map(({ id }) => id), ...further]);
    const tolerated = await this.toleratedOf(session, children.length > 0 ? [...failed, ...further] : []);
    const { doomed, counted } = fatesOf(children, parents, tolerated, told);
    await this.setOpen(
      session,
      counted.filter(({ open }) => open > 0),
    );
    const free = counted.filter(({ open }) => open <= 0).map(({ child }) => unblocking(child));
    return { free, cancelled: await this.cancel(session, doomed) };
  }

  private async doomedBy(session: Session, failed: readonly string[]): Promise<string[]> {
    if (failed.length === 0) return [];
    return (await session.query<{ id: string }>(SELECT_DOOMED, [failed])).rows.map(({ id }) => id);
  }
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
