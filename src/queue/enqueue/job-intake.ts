import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { CommitUnknownError, type Session } from '../../database/index.js';
import { JobInserter } from './job-inserter.js';
import { JobStore } from './job-store.js';
import type { Job } from '../job.entity.js';
import type { KeyDecision } from '../keys/key-book.js';
import { Keys } from '../keys/keys.js';
import { lineUp } from '../line/line-up.js';
import { type ResolvedJob, isGuarded } from './new-job.js';
import { NOW, type Placing } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { Tickets } from '../line/tickets.js';

/** A job that was asked for, and whether this call made it. */
export interface Enqueued {
  readonly job: Job;
  /** False when another job answers for it: one of the same id, idempotency key or unique key. */
  readonly created: boolean;
  /** It is the answer to the same request under the same idempotency key. */
  readonly replayed: boolean;
}

const NEW: KeyDecision = { kind: 'new' };

/** Takes jobs in: asks their keys, stores those that are new, lets the others answer, and lines up what may start. */
@Injectable()
export class JobIntake {
  constructor(
    private readonly inserter: JobInserter,
    private readonly keys: Keys,
    private readonly placement: Placement,
    private readonly tickets: Tickets,
    private readonly clock: DatabaseClock,
    private readonly store: JobStore,
  ) {}

  /** @throws DomainError validation_failed, idempotency_key_reused, job_already_exists */
  async take(session: Session, jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    if (!jobs.some(isGuarded)) return this.takePlain(session, jobs);
    const { decisions, holders } = await this.keys.decide(session, jobs);
    const fresh = jobs.filter((_, index) => decisions[index]?.kind === 'new');
    const created = await this.inserter.insert(session, fresh);
    const known = new Map([...holders, ...created]);
    const moved = await this.replace(session, jobs, decisions, known);
    for (const job of moved) if (created.has(job.id)) created.set(job.id, job);
    const others = moved.filter((job) => !created.has(job.id));
    await lineUp(session, this.tickets, { created: [...created.values()], moved: others });
    await this.store.lookUp(fresh, known, session);
    return jobs.map((job, index) => answer(job, decisions[index] ?? NEW, known, created));
  }

  /** The same for plain jobs, in one statement. @returns undefined when something is out of the ordinary */
  async takeAtOnce(jobs: readonly ResolvedJob[]): Promise<Enqueued[] | undefined> {
    const stored = await this.store.storePlain(jobs);
    if (!stored) return undefined;
    const created = new Map(stored.map((job) => [job.id, job]));
    const known = new Map(created);
    await this.store.lookUp(jobs, known).catch((error: unknown) => {
      throw new CommitUnknownError(error);
    });
    return jobs.map((job) => answer(job, NEW, known, created));
  }

  private async takePlain(session: Session, jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    const created = await this.inserter.insertPlain(session, jobs);
    await lineUp(session, this.tickets, { created: [...created.values()] });
    const known = new Map(created);
    await this.store.lookUp(jobs, known, session);
    return jobs.map((job) => answer(job, NEW, known, created));
  }

  /** Waiting jobs take over what later ones bring; of several the last. */
  private async replace(
    session: Session,
    jobs: readonly ResolvedJob[],
    decisions: readonly KeyDecision[],
    known: Map<string, Job>,
  ): Promise<Job[]> {
    const placings = new Map<string, Placing>();
    jobs.forEach((job, index) => {
      const decision = decisions[index];
      const target = decision?.kind === 'replace' ? known.get(decision.jobId) : undefined;
      if (target) placings.set(target.id, replacing(target, job, this.clock.now()));
    });
    const { placed, unblocked } = await this.placement.place(session, [...placings.values()]);
    for (const job of placed) known.set(job.id, job);
    return [...placed, ...unblocked];
  }
}

/**
 * A waiting job that takes over what a later one brings.
 * @param now the database's time, epoch ms
 */
export function replacing(
  target: Job,
  { payload, priority, scheduled_at, delay_ms, created_by }: ResolvedJob,
  now: number,
): Placing {
  const asked = scheduled_at === null ? NOW : new Date(scheduled_at);
  const scheduledAt = delay_ms > 0 ? new Date(now + delay_ms) : asked;
  return {
    job: target,
    event: 'replaced',
    actor: created_by,
    openDependencies: target.openDependencies,
    changes: { payload, priority, scheduledAt },
  };
}

/** Who answers for a job that was asked for. An id that is asked for twice at a time is created once. */
export function answer(
  { id }: ResolvedJob,
  decision: KeyDecision,
  known: ReadonlyMap<string, Job>,
  created: Map<string, Job>,
): Enqueued {
  const jobId = decision.kind === 'new' ? id : decision.jobId;
  const job = known.get(jobId);
  if (!job) throw new Error(`Job ${jobId} was neither stored nor there before`);
  const isCreated = decision.kind === 'new' && created.delete(id);
  return { job, created: isCreated, replayed: decision.kind === 'existing' && decision.replayed };
}
