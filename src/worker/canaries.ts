import { Inject, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Canary } from '../queue/index.js';
import { WorkerIdentity } from './worker-identity.js';

/** After one that was lost (ms), the next follows sooner: until it comes through, nobody knows for how long none would. */
const NEXT_TRY_MS = 5_000;

/** Proves from time to time that this worker could take a job, in one of the queues from which it has taken none meanwhile. */
@Injectable()
export class Canaries {
  private readonly logger = new Logger(Canaries.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private hasLostOne = false;
  private lastQueue = '';
  private stopped = false;
  private flownAt: number | undefined;

  constructor(
    private readonly canary: Canary,
    private readonly identity: WorkerIdentity,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param quietQueues the queues it serves and has taken nothing from since it was asked last */
  start(quietQueues: () => readonly string[]): void {
    const { canarySeconds } = this.config.worker;
    if (canarySeconds > 0) this.next(quietQueues, canarySeconds * 1000);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /** Whether the latest one was lost. */
  get isLost(): boolean {
    return this.hasLostOne;
  }

  /** Seconds since the latest one came through; undefined = none has yet. */
  get age(): number | undefined {
    return this.flownAt === undefined ? undefined : (performance.now() - this.flownAt) / 1000;
  }

  private next(quietQueues: () => readonly string[], pauseMs: number): void {
    if (this.stopped) return;
    const wait = this.hasLostOne ? Math.min(pauseMs, NEXT_TRY_MS) : pauseMs;
    this.timer = setTimeout(() => {
      this.current = this.fly(quietQueues()).then(() => this.next(quietQueues, pauseMs));
    }, wait);
  }

  private async fly(queues: readonly string[]): Promise<void> {
    const names = [...queues].sort();
    // One that was lost is followed by another in the same queue.
    const queue = names.find((name) => (this.hasLostOne ? name >= this.lastQueue : name > this.lastQueue));
    this.lastQueue = queue ?? names[0] ?? '';
    if (this.lastQueue === '') {
      this.hasLostOne = false;
      return;
    }
    try {
      if (await this.canary.fly(this.lastQueue, this.identity.id)) this.flownAt = performance.now();
      this.hasLostOne = false;
    } catch (error) {
      if (!this.hasLostOne) this.logger.warn(`A canary was lost, as a job would be: ${messageOf(error)}`);
      this.hasLostOne = true;
    }
  }
}
