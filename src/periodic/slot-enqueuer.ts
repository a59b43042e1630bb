import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseClock, messageOf, slotId } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { QueueReadiness, QueueService } from '../queue/index.js';
import { KnownJobsQuery } from './known-jobs.query.js';
import { type PeriodicJob, latestSlot, nearestSlot, slotBefore } from './slots.js';

/**
 * How late (ms) the job of a slot may be enqueued: its id tells the slot's time, and lists filtered by time look
 * for a job no further than a minute from the time its id tells.
 */
const LATEST_MS = 45_000;
const RETRY_MS = 1_000;

/**
 * Enqueues periodic jobs. Every process fires for every slot; the job's id is made of the slot, so that one job
 * comes of it. The database's clock decides which slot it is, and no job starts before its slot.
 */
@Injectable()
export class SlotEnqueuer implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Periodic');
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly queue: QueueService,
    private readonly known: KnownJobsQuery,
    private readonly clock: DatabaseClock,
    private readonly readiness: QueueReadiness,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A timer has fired: enqueues the job of the slot it fired for. Until the database is there, nobody knows the slot. */
  async fire(job: PeriodicJob): Promise<void> {
    if (this.readiness.isReady && this.config.periodic.enabled)
      await this.track(this.enqueue(job, nearestSlot(job, this.clock.now())));
  }

  /**
   * This process has started: a slot that passed a moment ago may have found nobody running. It was missed if
   * the slot before it was not; on a system that has only just come to life nothing was.
   */
  async catchUp(job: PeriodicJob): Promise<void> {
    if (!this.readiness.isReady) {
      this.catchUpLater(job);
      return;
    }
    const now = this.clock.now();
    const slot = latestSlot(job, now);
    if (!this.config.periodic.enabled || now - slot > LATEST_MS) return;
    if (await this.wasServed(job, slotBefore(job, slot))) await this.track(this.enqueue(job, slot));
  }

  private catchUpLater(job: PeriodicJob): void {
    const giveUp = () => undefined;
    void this.readiness.ready.then(() => this.catchUp(job), giveUp);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.underWay);
  }

  private async track(work: Promise<void>): Promise<void> {
    this.underWay.add(work);
    await work.finally(() => this.underWay.delete(work));
  }

  /** A database that is away just now is no reason for a worker not to start. */
  private wasServed({ type }: PeriodicJob, slot: number): Promise<boolean> {
    return this.known.has(slotId(type, slot)).catch(() => false);
  }

  /** Tries until it is done, this process stops or it is too late. Never rejects. */
  private async enqueue({ type }: PeriodicJob, slot: number): Promise<void> {
    const id = slotId(type, slot);
    for (let failures = 0; !this.stopping.signal.aborted; failures++) {
      try {
        await this.queue.enqueue([{ id, type, payload: {}, scheduledAt: new Date(slot) }]);
        return;
      } catch (error) {
        if (failures === 0) this.logger.warn(`${type} cannot be enqueued right now: ${messageOf(error)}`);
        if (this.clock.now() - slot > LATEST_MS) {
          this.giveUp(type, slot);
          return;
        }
        await pause(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private giveUp(type: string, slot: number): void {
    this.logger.error(`${type} was not enqueued for ${new Date(slot).toISOString()}: that slot is left out`);
  }
}
