import { Injectable } from '@nestjs/common';
import type { JobChanges } from '../blocking/place.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Managed } from '../control/managed.js';
import type { Enqueued } from '../enqueue/job-intake.js';
import type { NewJob } from '../enqueue/new-job.js';
import { JobEvents } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { refuseUnusable } from '../line/engine.js';
import type { QueueService } from '../queue.service.js';
import type { AttemptOutcome } from '../settle/outcome.js';
import type { Settled } from '../settle/settler.js';
import { copyOf } from './copy.js';
import { MemoryControl } from './memory-control.js';
import { MemoryIntake } from './memory-intake.js';
import { MemoryLine } from './memory-line.js';
import { MemorySettler } from './memory-settler.js';

type Offered = 'enqueue' | 'cancel' | 'retry' | 'runNow' | 'edit' | 'discard';

/** The queue without a database: it answers as `QueueService` does, and forgets all when the process ends. */
@Injectable()
export class InMemoryQueue implements Pick<QueueService, Offered> {
  private readonly cancelListeners: ((job: Job) => void)[] = [];

  constructor(
    private readonly intake: MemoryIntake,
    private readonly line: MemoryLine,
    private readonly settler: MemorySettler,
    private readonly control: MemoryControl,
    private readonly events: JobEvents,
  ) {}

  // As promises, so that a refusal is a rejection, like the database's.

  async enqueue(jobs: readonly NewJob[]): Promise<Enqueued[]> {
    const enqueued = copyOf(this.intake.take(jobs));
    this.events.emit(
      'enqueued',
      enqueued.filter(({ created }) => created).map(({ job }) => job),
    );
    return enqueued;
  }

  async cancel(ids: readonly string[], actor: string): Promise<Managed[]> {
    const managed = copyOf(this.control.cancel(ids, actor));
    for (const { result, job } of managed)
      if (result === 'requested' && job) for (const listener of this.cancelListeners) listener(job);
    return managed;
  }

  async retry(ids: readonly string[], actor: string): Promise<Managed[]> {
    return copyOf(this.control.retry(ids, actor));
  }

  async runNow(ids: readonly string[], actor: string): Promise<Managed[]> {
    return copyOf(this.control.runNow(ids, actor));
  }

  async edit(ids: readonly string[], changes: JobChanges, actor: string): Promise<Managed[]> {
    if (changes.queue !== undefined) refuseUnusable(changes.queue);
    return copyOf(this.control.edit(ids, changes, actor));
  }

  async discard(ids: readonly string[]): Promise<Managed[]> {
    return copyOf(this.control.discard(ids));
  }

  /** Starts the next job of a queue, or of all; at once, so that nothing comes in between. */
  claimNext(workerId: string, queue?: string): ClaimedJob | undefined {
    const job = this.line.claim(workerId, queue);
    if (job) this.events.emit('claimed', [job]);
    return job;
  }

  /** When the first job comes due that waits for its time. */
  nextDue(): Date | undefined {
    return this.line.nextDue();
  }

  /** Ends attempts; at once, too. */
  settle(outcomes: readonly AttemptOutcome[]): Settled {
    const settled = this.settler.settle(outcomes);
    for (const ended of settled.written) {
      const outcome = outcomes.find(({ claim }) => claim.id === ended.id)?.outcome;
      const error = outcome && 'error' in outcome ? (outcome.error ?? null) : null;
      this.events.emit('settled', ended, ended.outcome, error);
    }
    return settled;
  }

  /** Tells of running jobs that somebody cancels. */
  onCancelRequested(listener: (job: Job) => void): void {
    this.cancelListeners.push(listener);
  }
}
