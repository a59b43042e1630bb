import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import { type Parent, refuseUnknown } from '../blocking/dependencies.js';
import { doomedBy, edgeBetween } from '../blocking/fates.js';
import { type Enqueued, answer, replacing } from '../enqueue/job-intake.js';
import { newJob } from '../enqueue/job-store.js';
import { type NewJob, type ResolvedJob, resolveJob } from '../enqueue/new-job.js';
import { type Standing, byIdOf, joinsLock, prospectsOf, standings } from '../enqueue/standing.js';
import { JobTypes } from '../job-types.js';
import type { Job, JsonObject } from '../job.entity.js';
import type { KeyDecision } from '../keys/key-book.js';
import { refuseUnusable } from '../line/engine.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { toStorableJson } from '../settle/storable.js';
import { MemoryKeys } from './memory-keys.js';
import { MemoryLocks } from './memory-locks.js';
import { MemoryPlacement } from './memory-placement.js';
import { JobMemory } from './memory.js';

/** Takes jobs in: asks their keys, keeps those that are new, lets the others answer. */
@Injectable()
export class MemoryIntake {
  constructor(
    private readonly memory: JobMemory,
    private readonly keys: MemoryKeys,
    private readonly locks: MemoryLocks,
    private readonly placement: MemoryPlacement,
    private readonly types: JobTypes,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * All of these jobs or none.
   * @throws DomainError unknown_job_type, validation_failed, idempotency_key_reused, job_already_exists
   */
  take(wanted: readonly NewJob[]): Enqueued[] {
    const jobs = wanted.map((job) => resolveJob(job, this.types.get(job.type), () => this.ids.next()));
    for (const { queue } of jobs) refuseUnusable(queue);
    const { decisions, holders, commit } = this.keys.plan(jobs);
    const fresh = jobs.filter((_, index) => decisions[index]?.kind === 'new');
    const parents = this.parentsOf(fresh);
    refuseUnknown(fresh, parents);
    commit();
    const created = this.insert(fresh, parents);
    this.replace(jobs, decisions);
    const named = [...jobs.map(({ id }) => id), ...holders.keys()];
    const known = new Map([...holders, ...this.memory.find(named).map((job) => [job.id, job] as const)]);
    return jobs.map((job, index) => answer(job, decisions[index] ?? { kind: 'new' }, known, created));
  }

  private parentsOf(jobs: readonly ResolvedJob[]): ReadonlyMap<string, Parent> {
    const parents = this.memory.find(jobs.flatMap((job) => job.depends_on));
    return new Map(parents.map((job) => [job.id, job]));
  }

  /** @returns those whose id was free */
  private insert(asked: readonly ResolvedJob[], parents: ReadonlyMap<string, Parent>): Map<string, Job> {
    const jobs = distinct(asked.filter(({ id }) => !this.memory.jobs.has(id))).sort(byIdOf);
    const { open, doomed } = prospectsOf(asked, parents);
    for (const job of this.memory.find([...parents.keys()])) job.hasDependents ||= job.status !== 'COMPLETED';
    const now = this.memory.now;
    const joining = jobs.filter((job) => joinsLock(job, open, now.getTime()));
    const standingOf = standings(jobs, open, joining, this.locks.acquire(joining));
    const created = new Map(jobs.map((job) => [job.id, rowOf(job, standingOf(job), now)]));
    for (const job of created.values()) this.memory.add(job);
    for (const { id, tolerates } of jobs)
      for (const parent of tolerates) this.memory.tolerated.add(edgeBetween(parent, id));
    const stored = [...doomed].filter(([id]) => created.has(id));
    this.placement.cancel(stored.map(([id, parent]) => doomedBy(id, parent)));
    return created;
  }

  /** Waiting jobs take over what later ones bring; of several the last. */
  private replace(jobs: readonly ResolvedJob[], decisions: readonly KeyDecision[]): void {
    const now = this.memory.now.getTime();
    for (const [index, job] of jobs.entries()) {
      const decision = decisions[index];
      if (decision?.kind !== 'replace') continue;
      this.placement.place([replacing(this.memory.get(decision.jobId), { ...job, ...asJson(job) }, now)]);
    }
  }
}

/** A new job as the database would have it. */
function rowOf(job: ResolvedJob, standing: Standing, now: Date): Job {
  const asked = Math.max(Date.parse(job.scheduled_at ?? '') || 0, now.getTime() + job.delay_ms);
  const scheduledAt = new Date(Math.max(now.getTime(), asked));
  const ticketed =
    standing.may_line_up &&
    scheduledAt.getTime() - now.getTime() <= (job.lock === null ? TICKET_HORIZON_MS : 0);
  const plain = newJob({ ...job, ...asJson(job) }, { id: job.id, createdAt: now, scheduledAt, ticketed });
  return Object.assign(plain, {
    status: standing.status,
    openDependencies: standing.open_dependencies,
    hasDependents: standing.has_dependents,
    idempotencyKey: job.idempotency_key,
    lock: job.lock,
    uniqueKey: job.unique_key,
    uniqueWhile: job.unique_while,
    dependsOn: [...job.depends_on],
  });
}

/** What goes through a database comes out as JSON. */
function asJson({ payload, backoff }: ResolvedJob): Pick<ResolvedJob, 'payload' | 'backoff'> {
  return JSON.parse(toStorableJson({ payload, backoff })) as { payload: JsonObject; backoff: null };
}

function distinct(jobs: readonly ResolvedJob[]): ResolvedJob[] {
  return [...new Map(jobs.toReversed().map((job) => [job.id, job])).values()].reverse();
}
