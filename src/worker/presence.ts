import { Inject, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { ALL_WORKERS, type Claim, QueueService } from '../queue/index.js';
import { HandlerRegistry } from './handler-registry.js';
import { Notices } from './notices.js';
import { WorkerIdentity } from './worker-identity.js';
import { BEAT, INSERT_WORKER, LEAVE, SELECT_HELD } from './workers.sql.js';

const LONGEST_PAUSE_MS = 5_000;

/** A worker is given up after this many beats that did not come. */
const BEATS_TO_MISS = 3;

/** A claim's answer that has not come after this time (ms) never will: its statements have given up. */
const LONGEST_ANSWER_MS = 4_000;

/** What a beat tells of the worker, and tells the worker. */
export interface LivingWorker {
  /** Jobs that run, and handlers that ignored their signal. */
  figures(): { busy: number; stuck: number };
  /** Whether it still has an attempt in hand: running, or its outcome on the way. */
  holds(jobId: string): boolean;
  /** Somebody cancels these attempts. */
  cancel(attempts: readonly Claim[]): void;
  /** Somebody wants it to finish its jobs and end. */
  drain(): void;
}

/** An attempt that the database says is ours. */
type Held = Claim & { readonly isCancelled: boolean };

/**
 * This worker's sign of life, every 5 s or more often. At each beat it also compares what the database says it
 * holds with what it does hold: a claim whose answer was lost on the way would otherwise be stranded.
 */
@Injectable()
export class Presence {
  private readonly logger = new Logger(Presence.name);
  private readonly pause: number;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private worker: LivingWorker | undefined;
  /** Attempts that are not in hand, and since when (monotonic, ms); a claim may still be on its way to us. */
  private suspects = new Map<string, number>();
  private failures = 0;

  constructor(
    private readonly postgres: Postgres,
    private readonly queue: QueueService,
    private readonly identity: WorkerIdentity,
    private readonly handlers: HandlerRegistry,
    notices: Notices,
    @Inject(CONFIG) { worker }: Config,
  ) {
    notices.subscribe(({ workers = [] }) => {
      if (workers.some((id) => id === ALL_WORKERS || id === identity.id)) this.beatNow();
    });
    this.pause = Math.min(LONGEST_PAUSE_MS, (worker.deadAfterSeconds * 1000) / (BEATS_TO_MISS + 1));
  }

  /** Enters the worker in the list of workers and starts beating. */
  async enter(worker: LivingWorker): Promise<void> {
    await this.announce();
    this.worker = worker;
    await this.beat();
    this.schedule();
  }

  /** Leaves in good order: whatever this worker should still hold may be taken back at once. */
  async leave(): Promise<void> {
    this.worker = undefined;
    clearTimeout(this.timer);
    await this.beating;
    clearTimeout(this.timer);
    await this.postgres.query(LEAVE, [this.identity.id]);
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
      await this.compareHeld();
      if (this.failures > 0) this.logger.log('This worker is in touch with the database again');
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0)
        this.logger.warn(`This worker cannot show that it is alive: ${messageOf(error)}`);
      this.failures += 1;
    }
  }

  private async beat(): Promise<void> {
    const { busy, stuck } = this.worker?.figures() ?? { busy: 0, stuck: 0 };
    const { rows } = await this.postgres.query<{ isToDrain: boolean }>(BEAT, [this.identity.id, busy, stuck]);
    if (!rows[0]) await this.announce();
    else if (rows[0].isToDrain) this.worker?.drain();
  }

  private async announce(): Promise<void> {
    const { id, hostname, pid, version, queues, slots } = this.identity;
    const types = this.handlers.handledTypes();
    await this.postgres.query(INSERT_WORKER, [id, hostname, pid, version, queues, slots, types]);
  }

  private async compareHeld(): Promise<void> {
    const { rows } = await this.postgres.query<Held>(SELECT_HELD, [this.identity.id]);
    this.worker?.cancel(rows.filter((claim) => claim.isCancelled));
    await this.returnStranded(rows.filter((claim) => this.worker?.holds(claim.id) === false));
  }

  private async returnStranded(strangers: readonly Claim[]): Promise<void> {
    const now = performance.now();
    this.suspects = new Map(strangers.map(attemptOf).map((key) => [key, this.suspects.get(key) ?? now]));
    const stranded = strangers.filter(
      (claim) => now - (this.suspects.get(attemptOf(claim)) ?? now) >= LONGEST_ANSWER_MS,
    );
    const error = {
      name: 'Interrupted',
      message: 'The answer to this claim was lost before the attempt began',
    };
    await this.queue.settle(stranded.map((claim) => ({ claim, outcome: { kind: 'interrupted', error } })));
  }
}

function attemptOf({ id, attempts }: Claim): string {
  return `${id}/${attempts}`;
}
