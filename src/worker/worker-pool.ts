import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../common/index.js';
import type { ClaimedJob } from '../queue/index.js';
import { AHEAD_MS, Pace } from './pace.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** A job that was claimed ahead and has found no slot after this time (ms) goes back: somebody else may run it. */
const LONGEST_WAIT_MS = 2 * AHEAD_MS;

/** A look that comes so much too late (ms) finds a process that stood still: what has ended meanwhile is heard of next. */
const STANDSTILL_MS = AHEAD_MS;

/** What a pool needs of its worker. */
export interface PoolWork {
  /** @param free how many can start at once: queues with limits give no more */
  claim(queue: string, limit: number, free: number): Promise<ClaimedJob[]>;
  /** Whether a queue has limits: nothing is claimed ahead of it. */
  isLimited(queue: string): boolean;
  /** Runs a job until its slot is free again. Never rejects. */
  run(job: ClaimedJob): Promise<void>;
  /** Puts jobs back in line that were claimed and cannot start here. */
  giveBack(jobs: readonly ClaimedJob[]): void;
  /** A queue had fewer jobs than there was room for: nothing in it may start now. */
  onDrained(queue: string): void;
}

/**
 * A number of slots and the queues they serve. A queue that may have work is claimed from in turn, a share of
 * the room at a time, so that a long queue doesn't starve a short one.
 */
export class WorkerPool {
  private readonly logger = new Logger(WorkerPool.name);
  /** Queues that may have a job to start, the one that waited longest first. */
  private readonly promising = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  /** Claimed ahead of the slots, with the time (monotonic, ms) at which they came. */
  private ready: { readonly job: ClaimedJob; readonly since: number }[] = [];
  /** Whether a slot is kept from what was claimed ahead, for the queue with limits whose turn it is. */
  private isSlotKept = false;
  private readonly pace: Pace;
  /** Whether the last claim brought jobs that were interrupted before: those must not be held in numbers again. */
  private isCautious = false;
  private waitTimer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;
  /** Whether a claim came back since the last time somebody asked. */
  private hasClaimed = false;

  constructor(
    readonly slots: number,
    readonly serves: (queue: string) => boolean,
    private readonly work: PoolWork,
  ) {
    this.pace = new Pace(slots);
  }

  /** How many jobs run right now. */
  get busy(): number {
    return this.running.size;
  }

  /** Whether it was able to claim since it was last asked, or neither can nor need: it is full, or nothing is promised. */
  couldClaim(): boolean {
    const { hasClaimed } = this;
    this.hasClaimed = false;
    const isFull = this.running.size >= this.slots;
    const isWaiting =
      this.claiming !== undefined || this.retryTimer !== undefined || this.next() !== undefined;
    return hasClaimed || this.stopped || isFull || !isWaiting;
  }

  /** Whether the job was claimed and waits for a slot. */
  holds(jobId: string): boolean {
    return this.ready.some(({ job }) => job.id === jobId);
  }

  /** A queue may have a job that can start. */
  wake(queue: string): void {
    this.promising.add(queue);
    this.fillSlots();
  }

  /** Jobs of a queue, or of all, are to start no more; those that wait for a slot go back. */
  giveBack(queue?: string): void {
    const isMeant = ({ job }: { job: ClaimedJob }) => queue === undefined || job.queue === queue;
    const returned = this.ready.filter(isMeant);
    this.ready = this.ready.filter((item) => !isMeant(item));
    if (returned.length > 0) this.work.giveBack(returned.map(({ job }) => job));
  }

  /** Claims no more; resolves when a claim under way has come back. */
  async stopClaiming(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retryTimer);
    await this.claiming;
    clearTimeout(this.waitTimer);
    this.giveBack();
  }

  /** Resolves when every running job has left its slot. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Resolves when it looks for no job and none of its own runs. */
  async exhausted(): Promise<void> {
    while (this.claiming || this.retryTimer || this.running.size > 0) {
      if (this.claiming) await this.claiming;
      else if (this.running.size > 0) await this.idle();
      else await pause(FIRST_RETRY_MS);
    }
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
    return !this.stopped && this.next() !== undefined;
  }

  /** The queue whose turn it is. Those with limits wait for a free slot, while others are claimed from ahead. */
  private next(): string | undefined {
    const [room, free] = [this.room(), this.free()];
    for (const queue of this.promising) if ((this.work.isLimited(queue) ? free : room) > 0) return queue;
    return undefined;
  }

  /** Slots for which there is no job yet. */
  private free(): number {
    const open = this.slots - this.running.size;
    return Math.max(0, open - this.ready.length, this.isSlotKept ? Math.min(open, 1) : 0);
  }

  /** What is claimed ahead fills all slots again and again: a queue with limits, in its turn, would never find one free. */
  private keepSlot(): void {
    const [first] = this.promising;
    const canClaim = !this.claiming && !this.retryTimer && !this.stopped;
    if (canClaim && first !== undefined && this.ready.length > 0)
      this.isSlotKept = this.work.isLimited(first);
  }

  /** How many jobs a claim may bring; none while at least half of what may be claimed ahead is there. */
  private room(): number {
    const ahead = this.isCautious ? 0 : this.pace.ahead(performance.now());
    if (2 * this.ready.length > ahead) return 0;
    return this.slots - this.running.size + ahead - this.ready.length;
  }

  private async claimWhilePossible(): Promise<void> {
    while (this.canClaim() && !this.retryTimer) {
      const queue = this.next();
      if (queue !== undefined) await this.claimFrom(queue);
    }
  }

  private async claimFrom(queue: string): Promise<void> {
    const free = this.free();
    const share = Math.max(1, Math.ceil(this.room() / this.promising.size));
    this.promising.delete(queue);
    try {
      const jobs = await this.work.claim(queue, share, free);
      this.failures = 0;
      this.hasClaimed = true;
      const isLimited = this.work.isLimited(queue);
      if (jobs.length === (isLimited ? Math.min(share, free) : share)) this.promising.add(queue);
      else this.work.onDrained(queue);
      this.isSlotKept = false;
      this.take(jobs, isLimited);
    } catch (error) {
      this.isSlotKept = false;
      this.tryLater(queue, error);
      this.startReady();
    }
  }

  /** @param isFirst they start before what was claimed ahead: of a queue with limits they hold the place of others */
  private take(jobs: readonly ClaimedJob[], isFirst: boolean): void {
    const since = performance.now();
    const taken = jobs.map((job) => ({ job, since }));
    this.ready = isFirst ? [...taken, ...this.ready] : [...this.ready, ...taken];
    this.startReady();
    if (jobs.length > 0) this.isCautious = jobs.some(({ interruptions }) => interruptions > 0);
    // One of them may have brought a worker down: the fewer are with it, the fewer are suspected.
    if (this.isCautious || this.stopped) this.giveBack();
    if (this.ready.length > 0 && !this.waitTimer) this.lookForOverdueIn(LONGEST_WAIT_MS);
  }

  private startReady(): void {
    while (this.running.size < this.slots - (this.isSlotKept ? 1 : 0)) {
      const next = this.ready.shift();
      if (!next) return;
      this.start(next.job);
    }
  }

  private start(job: ClaimedJob): void {
    const startedAt = performance.now();
    const run = this.work.run(job).finally(() => {
      const now = performance.now();
      this.running.delete(run);
      this.pace.note(now - startedAt, now);
      this.keepSlot();
      this.startReady();
      this.fillSlots();
    });
    this.running.add(run);
  }

  private lookForOverdueIn(ms: number): void {
    const dueAt = performance.now() + ms;
    this.waitTimer = setTimeout(() => this.lookForOverdue(performance.now() - dueAt), ms);
  }

  private lookForOverdue(lateMs: number): void {
    this.waitTimer = undefined;
    if (lateMs > STANDSTILL_MS)
      this.ready = this.ready.map(({ job, since }) => ({ job, since: since + lateMs }));
    const [oldest] = this.ready;
    if (!oldest) return;
    const left = oldest.since + LONGEST_WAIT_MS - performance.now();
    if (left > 0) this.lookForOverdueIn(left);
    else this.giveBack();
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
