import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres, isPassing } from '../database/index.js';
import { ALL_WORKERS } from '../queue/index.js';
import { type AttemptsInHand, HeldAttempts } from './held-attempts.js';
import { Lease } from './lease.js';
import { Notices } from './notices.js';
import { WorkerIdentity } from './worker-identity.js';
import { BEAT, INSERT_WORKER, LEAVE } from './workers.sql.js';

const LONGEST_PAUSE_MS = 5_000;

/** A worker is given up after this many beats that did not come. */
const BEATS_TO_MISS = 3;

/** How long (ms) a worker waits before it tries again to enter the list of workers. */
const REENTRY_MS = 500;

/** What a beat tells of the worker, and tells the worker. */
export interface LivingWorker extends AttemptsInHand {
  /** Jobs that run, handlers that ignored their signal, and whether it could take jobs since this was asked last. */
  figures(): { busy: number; stuck: number; couldClaim: boolean };
  /** Somebody wants it to finish its jobs and end. */
  drain(): void;
  /** It could not show itself for so long that all its jobs are about to be taken over. */
  abandonAll(): void;
}

/** This worker's sign of life, every 5 s or more often; each also compares what it holds with what it should. */
@Injectable()
export class Presence {
  private readonly logger = new Logger(Presence.name);
  private readonly pause: number;
  private readonly patienceMs: number;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private worker: LivingWorker | undefined;
  private failures = 0;
  /** For how long (ms) it has shown itself and could not take jobs, as of when (monotonic, ms). */
  private unable = { forMs: 0, at: performance.now() };

  constructor(
    private readonly postgres: Postgres,
    private readonly identity: WorkerIdentity,
    private readonly held: HeldAttempts,
    private readonly lease: Lease,
    notices: Notices,
    @Inject(CONFIG) { worker }: Config,
  ) {
    notices.keepConnection((session) => this.lease.keep(session));
    notices.subscribe(({ workers = [] }) => {
      if (workers.some((id) => id === ALL_WORKERS || id === identity.id)) this.beatNow();
    });
    this.patienceMs = worker.canaryTimeoutSeconds * 1000;
    this.pause = Math.min(LONGEST_PAUSE_MS, (worker.deadAfterSeconds * 1000) / (BEATS_TO_MISS + 1));
  }

  /**
   * Enters the worker in the list of workers and starts beating. Until it has entered, however long the database is
   * away, it must claim nothing: whoever is not in the list counts as gone.
   */
  async enter(worker: LivingWorker): Promise<void> {
    this.worker = worker;
    while (!(await this.hasEntered())) await pause(REENTRY_MS);
    this.lease.start(() => this.worker?.abandonAll());
    this.schedule();
  }

  /** Leaves in good order: whatever this worker should still hold may be taken back at once. */
  async leave(): Promise<void> {
    this.worker = undefined;
    this.lease.stop();
    clearTimeout(this.timer);
    await this.beating;
    clearTimeout(this.timer);
    await this.postgres.query(LEAVE, [this.identity.id]);
  }

  /** A worker that was told to stop need not enter any more. */
  private async hasEntered(): Promise<boolean> {
    if (!this.worker) return true;
    try {
      await this.announce();
      return true;
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.noteFailure(error);
      return false;
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.worker) this.timer = setTimeout(() => this.beatNow(), this.pause);
  }

  /** One beat after the other. */
  private beatNow(): void {
    if (!this.worker) return;
    clearTimeout(this.timer);
    this.beating = this.beating.then(() => this.beatSafely()).finally(() => this.schedule());
  }

  private async beatSafely(): Promise<void> {
    try {
      await this.beat();
      if (this.worker) await this.held.compare(this.worker);
      this.noteSuccess();
    } catch (error) {
      this.noteFailure(error);
    }
  }

  private async beat(): Promise<void> {
    const sentAt = performance.now();
    const { busy, stuck, couldClaim } = this.worker?.figures() ?? { busy: 0, stuck: 0, couldClaim: true };
    this.noteAbility(couldClaim, sentAt);
    const values = [this.identity.id, busy, stuck, this.unable.forMs];
    const { rows } = await this.postgres.query<{ isToDrain: boolean }>(BEAT, values);
    if (!rows[0]) return this.announce();
    this.lease.renew(sentAt);
    if (rows[0].isToDrain) this.worker?.drain();
  }

  private async announce(): Promise<void> {
    const sentAt = performance.now();
    const { id, hostname, pid, version, queues, slots } = this.identity;
    const { rows } = await this.postgres.query<{ leaseKey: number }>(INSERT_WORKER, [
      ...[id, hostname, pid, version, queues, slots, await this.identity.types()],
    ]);
    if (rows[0]) this.lease.enter(rows[0].leaseKey);
    this.lease.renew(sentAt);
    this.noteSuccess();
  }

  /** A process that stood still, or was out of touch, could do nothing else either: only time between beats counts. */
  private noteAbility(couldClaim: boolean, now: number): void {
    const before = this.unable.forMs;
    const sinceThen = Math.min(now - this.unable.at, 2 * this.pause);
    const forMs = couldClaim || this.failures > 0 ? 0 : before + sinceThen;
    this.unable = { forMs, at: now };
    if (before < this.patienceMs && forMs >= this.patienceMs)
      this.logger.error(
        `This worker lives and has had free slots for ${Math.round(forMs / 1000)} s, and could take no jobs: restart it if that does not pass`,
      );
    if (before >= this.patienceMs && forMs === 0) this.logger.log('This worker can take jobs again');
  }

  private noteSuccess(): void {
    if (this.failures > 0) this.logger.log('This worker is in touch with the database again');
    this.failures = 0;
  }

  private noteFailure(error: unknown): void {
    if (this.failures === 0)
      this.logger.warn(`This worker cannot show that it is alive: ${messageOf(error)}`);
    this.failures += 1;
  }
}
