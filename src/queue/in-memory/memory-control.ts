import { Injectable } from '@nestjs/common';
import { type JobChanges, NOW, type Placing } from '../blocking/place.js';
import { type Managed, inOrder, isWaiting, objections, refused } from '../control/managed.js';
import { byUniqueKey, sorted } from '../control/retrier.js';
import { type Candidates, hasFallen, revivalOf, reviving } from '../control/revival.js';
import type { Job } from '../job.entity.js';
import { wantsKeyAgain } from '../keys/keys.js';
import { MemoryKeys } from './memory-keys.js';
import { MemoryPlacement } from './memory-placement.js';
import { JobMemory } from './memory.js';

/** Intervenes in the life of jobs: every wish is done or refused for each job on its own. */
@Injectable()
export class MemoryControl {
  constructor(
    private readonly memory: JobMemory,
    private readonly keys: MemoryKeys,
    private readonly placement: MemoryPlacement,
  ) {}

  /** Cancels jobs: at once those that wait; those that run are asked to end. */
  cancel(ids: readonly string[], actor: string): Managed[] {
    const jobs = this.found(ids);
    const waiting = jobs.filter(isWaiting);
    const running = jobs.filter((job) => job.status === 'PROCESSING');
    const answers = this.answers(ids, jobs, objections.cancel);
    const at = this.memory.now;
    const cancelled = { status: 'CANCELLED', ticketed: false, openDependencies: 0 } as const;
    for (const job of waiting) {
      const ended = { ...cancelled, cancelRequestedAt: at, finishedAt: at };
      this.memory.change(job, 'cancelled', ended, { actor });
    }
    for (const job of running.filter(({ cancelRequestedAt }) => !cancelRequestedAt))
      this.memory.change(job, 'cancel_requested', { cancelRequestedAt: at }, { actor });
    this.placement.follow(waiting);
    return answers;
  }

  /** Lets FAILED and CANCELLED jobs run once more, under the same id. */
  retry(ids: readonly string[], actor: string): Managed[] {
    const jobs = [...this.found(ids), ...this.followersOf(ids)];
    const parents = new Map(
      this.memory.find(jobs.flatMap((job) => job.dependsOn)).map((job) => [job.id, job]),
    );
    const candidates = { ...sorted(jobs, ids), parents, tolerated: this.memory.tolerated };
    const revival = revivalOf({ ...candidates, keyHolders: this.retakeKeys(candidates) });
    for (const child of this.placement.dependentsOf(revival.ids))
      child.openDependencies += child.dependsOn.filter((id) => revival.ids.has(id)).length;
    this.placement.place(revival.jobs.map((job) => reviving(job, actor, revival, parents)));
    const retried = revival.jobs.map((job): Managed => ({ id: job.id, result: 'done', job }));
    return inOrder(ids, [...retried, ...revival.refusals]);
  }

  /** All that was cancelled because of these, however far down. */
  private followersOf(ids: readonly string[]): Job[] {
    const above = new Set(ids);
    const followers: Job[] = [];
    // Parents are older than their dependents.
    for (const job of this.memory.all()) {
      const isBelow = job.dependsOn.some((id) => above.has(id));
      if (above.has(job.id) || !isBelow || !hasFallen(job)) continue;
      above.add(job.id);
      followers.push(job);
    }
    return followers;
  }

  runNow(ids: readonly string[], actor: string): Managed[] {
    return this.move(ids, { scheduledAt: NOW }, { event: 'run_now', actor }, objections.runNow);
  }

  edit(ids: readonly string[], changes: JobChanges, actor: string): Managed[] {
    return this.move(ids, changes, { event: 'updated', actor }, objections.edit);
  }

  /** Deletes jobs that have ended. */
  discard(ids: readonly string[]): Managed[] {
    const jobs = this.found(ids);
    const answers = this.answers(ids, jobs, objections.discard);
    for (const job of jobs.filter((one) => objections.discard(one) === undefined)) {
      this.keys.outlive(job);
      this.memory.delete(job);
    }
    return answers;
  }

  private move(
    ids: readonly string[],
    changes: JobChanges,
    record: Pick<Placing, 'event' | 'actor'>,
    objectionTo: (job: Job) => string | undefined,
  ): Managed[] {
    const jobs = this.found(ids);
    const answers = this.answers(ids, jobs, objectionTo);
    const free = jobs.filter((job) => objectionTo(job) === undefined);
    const placings = free.map((job) => ({ job, changes, openDependencies: job.openDependencies, ...record }));
    this.placement.place(placings);
    return answers;
  }

  private retakeKeys(candidates: Omit<Candidates, 'keyHolders'>): Map<string, string> {
    const holders = new Map<string, string>();
    const { jobs } = revivalOf({ ...candidates, keyHolders: holders });
    // Of jobs with the same key the first gets it, although none of them waits yet.
    const given = new Map<string | null, string>();
    for (const job of jobs.filter(wantsKeyAgain).sort(byUniqueKey)) {
      const holder = given.get(job.uniqueKey) ?? this.keys.retake(job);
      if (holder === undefined) given.set(job.uniqueKey, job.id);
      else holders.set(job.id, holder);
    }
    return holders;
  }

  private found(ids: readonly string[]): Job[] {
    return this.memory.find([...new Set(ids)]);
  }

  /** Decided before anything changes; the jobs in them are as they are after it. */
  private answers(
    ids: readonly string[],
    jobs: readonly Job[],
    objectionTo: (job: Job) => string | undefined,
  ): Managed[] {
    const managed = jobs.map((job): Managed => {
      const objection = objectionTo(job);
      if (objection) return refused(job, objection);
      return { id: job.id, result: job.status === 'PROCESSING' ? 'requested' : 'done', job };
    });
    return inOrder(ids, managed);
  }
}
