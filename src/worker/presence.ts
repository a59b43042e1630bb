import { Inject, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { type Claim, QueueService } from '../queue/index.js';
import { WorkerIdentity } from './worker-identity.js';
import { BEAT, INSERT_WORKER, LEAVE, SELECT_HELD } from './workers.sql.js';

const LONGEST_PAUSE_MS = 5_000;

/** A worker is given up after this many beats that did not come. */
const BEATS_TO_MISS = 3;

/** A claim's answer that has not come after this time (ms) never will: its statements have given up. */
const LONGEST_ANSWER_MS = 4_000;

/** Whether this worker still has an attempt in hand: running, or its outcome on the way. */
export type Holds = (jobId: string) => boolean;

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
  private holds: Holds = () => true;
  /** Attempts that are not in hand, and since when (monotonic, ms); a claim may still be on its way to us. */
  private suspects = new Map<string, number>();
  private failures = 0;

  constructor(
    private readonly postgres: Postgres,
    private readonly queue: QueueService,
    private readonly identity: WorkerIdentity,
    @Inject(CONFIG) { worker }: Config,
  ) {
    this.pause = Math.min(LONGEST_PAUSE_MS, (worker.deadAfterSeconds * 1000) / (BEATS_TO_MISS + 1));
  }

  /** Enters the worker in the list of workers and starts beating. */
  async enter(holds: Holds): Promise<void> {
    this.holds = holds;
    await this.announce();
    await this.beat();
    this.schedule();
  }

  /** Leaves in good order: whatever this worker should still hold may be taken back at once. */
  async leave(): Promise<void> {
    clearTimeout(this.timer);
    await this.beating;
    clearTimeout(this.timer);
    await this.postgres.query(LEAVE, [this.identity.id]);
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.beating = this.beatSafely().finally(() => this.schedule());
    }, this.pause);
  }

  private async beatSafely(): Promise<void> {
    try {
      await this.beat();
      await this.returnStranded();
      if (this.failures > 0) this.logger.log('This worker is in touch with the database again');
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0)
        this.logger.warn(`This worker cannot show that it is alive: ${messageOf(error)}`);
      this.failures += 1;
    }
  }

  private async beat(): Promise<void> {
    const { rowCount } = await this.postgres.query(BEAT, [this.identity.id]);
    if (rowCount === 0) await this.announce();
  }

  private async announce(): Promise<void> {
    const { id, hostname, pid, version, queues, slots } = this.identity;
    await this.postgres.query(INSERT_WORKER, [id, hostname, pid, version, queues, slots]);
  }

  private async returnStranded(): Promise<void> {
    const { rows } = await this.postgres.query<Claim>(SELECT_HELD, [this.identity.id]);
    const now = performance.now();
    const strangers = rows.filter((claim) => !this.holds(claim.id));
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
