import { Inject, Injectable, Logger } from '@nestjs/common';
import { DatabaseClock, messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { ALL_QUEUES, QueueService, type Wakeup } from '../queue/index.js';
import { Canaries } from './canaries.js';
import { DueAlarms } from './due-alarms.js';
import { Notices } from './notices.js';
import { Quarantine } from './quarantine.js';
import { WorkerClaims } from './worker-claims.js';
import { type PoolWork, WorkerPool } from './worker-pool.js';

/** Only a backstop: notices and alarms wake a queue within milliseconds. */
const POLL_MS = 5_000;

/** A poll that comes so much later (ms) than it should does not come any more. */
const LATE_POLL_MS = 3 * POLL_MS;

/** Brings jobs to the slots: wakes the pools by notice, by alarm at the time a job is due, and by poll. */
@Injectable()
export class ClaimLoop {
  private readonly logger = new Logger(ClaimLoop.name);
  private readonly alarms: DueAlarms;
  private readonly quarantine = new Quarantine((name) => this.wake(name));
  private readonly queueNames = new Set<string>();
  /**
   * Queues that may hold a job whose time is yet to come; only they are asked when. With the time of the last look:
   * a job that came due after it, and after the claim before that look, would be seen by neither.
   */
  private readonly awaitingDue = new Map<string, Date>();
  private pools: readonly WorkerPool[] = [];
  /** How many jobs have been started. */
  private begun = 0;
  private known = 0;
  private pollTimer: NodeJS.Timeout | undefined;
  private polledAt = performance.now();
  /** Queues from which something was claimed since the last canary. */
  private readonly busyQueues = new Set<string>();
  private stopped = false;

  constructor(
    private readonly queue: QueueService,
    private readonly claims: WorkerClaims,
    private readonly clock: DatabaseClock,
    private readonly notices: Notices,
    private readonly canaries: Canaries,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.alarms = new DueAlarms(clock, (name) => this.onDue(name));
    notices.subscribe((wakeup) => this.onWakeup(wakeup));
  }

  /** Starts handing jobs to `run`, as many at a time as there are slots; what cannot start here goes to `giveBack`. */
  async start(work: Pick<PoolWork, 'run' | 'giveBack'>): Promise<void> {
    this.pools = this.makePools(work);
    await this.notices.start();
    await this.poll();
    this.canaries.start(() => this.quietQueues());
  }

  /** Claims no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.canaries.stop();
    clearTimeout(this.pollTimer);
    this.alarms.clear();
    await Promise.all(this.pools.map((pool) => pool.stopClaiming()));
  }

  /** Resolves when no job runs any more. */
  async idle(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.idle()));
  }

  /** Looks for jobs everywhere once more, until none runs. @returns whether any was started since the last time */
  async workThrough(): Promise<boolean> {
    await this.wakeAll();
    await Promise.all(this.pools.map((pool) => pool.exhausted()));
    const hasFound = this.begun > this.known;
    this.known = this.begun;
    return hasFound;
  }

  /** Puts back in line what waits for a slot. */
  giveBack(): void {
    for (const pool of this.pools) pool.giveBack();
  }

  /** Whether the job was claimed and waits for a slot. */
  holds(jobId: string): boolean {
    return this.pools.some((pool) => pool.holds(jobId));
  }

  /** How many jobs run right now. */
  get busy(): number {
    return this.pools.reduce((sum, pool) => sum + pool.busy, 0);
  }

  /** How many jobs may run at a time. */
  get slots(): number {
    return this.pools.reduce((sum, pool) => sum + pool.slots, 0);
  }

  /** Whether it was able to take jobs since it was last asked, as far as there was room for any. */
  couldClaim(): boolean {
    const polls = this.stopped || performance.now() - this.polledAt < LATE_POLL_MS;
    // All are asked: each forgets with the question.
    const pools = this.pools.map((pool) => pool.couldClaim());
    const isHeldUp = this.servedQueues().some((name) => this.queue.isHeldUp(name));
    return polls && !this.canaries.isLost && !isHeldUp && pools.every(Boolean);
  }

  private quietQueues(): string[] {
    const quiet = this.servedQueues().filter((name) => !this.busyQueues.has(name));
    this.busyQueues.clear();
    return quiet;
  }

  private servedQueues(): string[] {
    return [...this.queueNames].filter((name) => this.pools.some((pool) => pool.serves(name)));
  }

  private makePools({ run, giveBack }: Pick<PoolWork, 'run' | 'giveBack'>): WorkerPool[] {
    const work: PoolWork = {
      claim: async (name, limit, free) => {
        const jobs = await this.quarantine.claim(name, (alone) =>
          this.claims.claim(name, { limit, free, alone, lookAgain: (at) => this.lookAgainAt(name, at) }),
        );
        if (jobs.length > 0) this.busyQueues.add(name);
        return jobs;
      },
      isLimited: (name) => this.queue.isLimited(name),
      run: (job) => {
        this.begun += 1;
        return run(job).finally(() => this.quarantine.leave(job));
      },
      giveBack: (jobs) => {
        giveBack(jobs);
        for (const job of jobs) this.quarantine.leave(job);
      },
      onDrained: (name) => void this.setAlarm(name),
    };
    const { queues, concurrency } = this.config.worker;
    const named = new Set(queues.map((pool) => pool.queue).filter((name) => name !== '*'));
    const isOther = (name: string) => !named.has(name);
    const serves = (name: string) => (name === '*' ? isOther : (candidate: string) => candidate === name);
    if (queues.some((pool) => pool.slots !== undefined)) {
      return queues.map((pool) => new WorkerPool(pool.slots ?? concurrency, serves(pool.queue), work));
    }
    const all = queues.some((pool) => pool.queue === '*');
    return [new WorkerPool(concurrency, (name) => all || named.has(name), work)];
  }

  private onWakeup({ ready, due, paused = [] }: Wakeup): void {
    if (this.stopped) return;
    for (const name of paused) for (const pool of this.pools) pool.giveBack(name);
    for (const name of ready) {
      if (name !== ALL_QUEUES) this.wake(name);
      else {
        this.claims.lookAfresh();
        void this.wakeAll();
      }
    }
    for (const [name, at] of Object.entries(due)) {
      this.queueNames.add(name);
      this.awaitDue(name);
      this.alarms.set(name, at);
    }
  }

  private lookAgainAt(name: string, at: number): void {
    if (!this.stopped) this.alarms.set(name, at);
  }

  private onDue(name: string): void {
    this.awaitDue(name);
    this.wake(name);
  }

  private awaitDue(name: string): void {
    if (!this.awaitingDue.has(name)) this.awaitingDue.set(name, new Date(this.clock.now() - POLL_MS));
  }

  private wake(name: string): void {
    this.queueNames.add(name);
    for (const pool of this.pools) if (pool.serves(name)) pool.wake(name);
  }

  private async wakeAll(): Promise<void> {
    try {
      for (const name of await this.queue.queueNames()) this.queueNames.add(name);
    } catch (error) {
      this.logger.debug(`The list of queues could not be read: ${messageOf(error)}`);
    }
    for (const name of this.queueNames) {
      this.awaitDue(name);
      this.wake(name);
    }
  }

  private async poll(): Promise<void> {
    await this.wakeAll();
    this.polledAt = performance.now();
    if (this.stopped) return;
    this.pollTimer = setTimeout(() => void this.poll(), POLL_MS);
  }

  /** Nothing may start now; when may the next? */
  private async setAlarm(name: string): Promise<void> {
    const since = this.awaitingDue.get(name);
    if (!since) return;
    try {
      const { at, lookedAt } = await this.queue.nextDue(name, since);
      if (at === null) this.awaitingDue.delete(name);
      else this.awaitingDue.set(name, lookedAt);
      if (at !== null && !this.stopped) this.alarms.set(name, at.getTime());
    } catch (error) {
      this.logger.debug(`The next due job of ${name} could not be looked up: ${messageOf(error)}`);
    }
  }
}
