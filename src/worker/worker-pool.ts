import { Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import type { Job } from '../queue/index.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** What a pool needs of its worker. */
export interface PoolWork {
  claim(queue: string, limit: number): Promise<Job[]>;
  /** Runs a job until its slot is free again. Never rejects. */
  run(job: Job): Promise<void>;
  /** A queue had fewer jobs than there were slots: nothing in it may start now. */
  onDrained(queue: string): void;
}

/**
 * A number of slots and the queues they serve. A queue that may have work is claimed from in turn, a share of
 * the free slots at a time, so that a long queue doesn't starve a short one.
 */
export class WorkerPool {
  private readonly logger = new Logger(WorkerPool.name);
  /** Queues that may have a job to start, the one that waited longest first. */
  private readonly promising = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private claiming: Promise<void> | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    readonly slots: number,
    readonly serves: (queue: string) => boolean,
    private readonly work: PoolWork,
  ) {}

  /** How many jobs run right now. */
  get busy(): number {
    return this.running.size;
  }

  /** A queue may have a job that can start. */
  wake(queue: string): void {
    this.promising.add(queue);
    this.fillSlots();
  }

  /** Claims no more; resolves when a claim under way has come back. */
  async stopClaiming(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retryTimer);
    await this.claiming;
  }

  /** Resolves when every running job has left its slot. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private fillSlots(): void {
    if (this.claiming || this.retryTimer || !this.canClaim()) return;
    this.claiming = this.claimWhilePossible().finally(() => {
      this.claiming = undefined;
      // A wake-up between the last look and this line must not be lost.
      this.fillSlots();
    });
  }

  private canClaim(): boolean {
    return !this.stopped && this.promising.size > 0 && this.running.size < this.slots;
  }

  private async claimWhilePossible(): Promise<void> {
    while (this.canClaim() && !this.retryTimer) {
      const [queue] = this.promising;
      if (queue !== undefined) await this.claimFrom(queue);
    }
  }

  private async claimFrom(queue: string): Promise<void> {
    const share = Math.ceil((this.slots - this.running.size) / this.promising.size);
    this.promising.delete(queue);
    try {
      const jobs = await this.work.claim(queue, share);
      this.failures = 0;
      if (jobs.length === share) this.promising.add(queue);
      else this.work.onDrained(queue);
      for (const job of jobs) this.start(job);
    } catch (error) {
      this.tryLater(queue, error);
    }
  }

  private start(job: Job): void {
    const run = this.work.run(job).finally(() => {
      this.running.delete(run);
      this.fillSlots();
    });
    this.running.add(run);
  }

  private tryLater(queue: string, error: unknown): void {
    this.promising.add(queue);
    if (this.failures === 0) this.logger.warn(`No jobs can be claimed right now: ${messageOf(error)}`);
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = undefined;
      this.fillSlots();
    }, delay);
  }
}
