import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import type { ClaimedJob } from '../queue/index.js';
import { Caretaker } from './caretaker.js';
import { ClaimLoop } from './claim-loop.js';
import { JobRunner } from './job-runner.js';
import { Presence } from './presence.js';
import { ABORT_GRACE_MS } from './running-attempt.js';
import { SettleBuffer } from './settle-buffer.js';

/** How long (ms) a stopping worker tries to store its last outcomes before it leaves them to recovery. */
const LAST_WORDS_MS = 5_000;

/** How long (ms) it may take to say goodbye; without it, others wait for the worker's silence to grow long. */
const SIGN_OFF_MS = 2_000;

/** How long (ms) it waits for a round of care: one that reads all of a large queue is cut short by the end. */
const LAST_ROUND_MS = 2_000;

/** How long (ms) the others may go on when something was thrown where nobody catches it. */
const LAST_CHANCE_MS = 5_000;

/** A handler that ignores its signal loses its slot after the grace time, and a moment later at the latest. */
const MARGIN_MS = 500;

/** A worker from its start to its orderly end. */
@Injectable()
export class WorkerRuntime implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Worker');
  private readonly departure = Promise.withResolvers<number>();
  private hasStarted = false;
  private stopping: Promise<void> | undefined;

  /** Resolves, with the exit code, when this process should end by itself: it is drained, or has too many stuck handlers. */
  readonly wantsToEnd = this.departure.promise;

  constructor(
    private readonly claims: ClaimLoop,
    private readonly runner: JobRunner,
    private readonly outcomes: SettleBuffer,
    private readonly presence: Presence,
    private readonly caretaker: Caretaker,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Enters the list of workers, however long that takes, and begins to claim. */
  async start(): Promise<void> {
    await this.presence.enter({
      figures: () => ({
        busy: this.claims.busy,
        stuck: this.runner.stuckHandlers,
        couldClaim: !this.hasStarted || this.claims.couldClaim(),
      }),
      holds: (jobId) =>
        this.runner.isRunning(jobId) || this.claims.holds(jobId) || this.outcomes.holds(jobId),
      cancel: (attempts) => this.runner.cancel(attempts),
      begunBefore: (since) => this.runner.begunBefore(since),
      abandon: (attempts) => this.runner.abandon(attempts),
      drain: () => this.drain(),
      abandonAll: () => {
        this.claims.giveBack();
        this.runner.abandonAll();
      },
    });
    if (this.stopping) return;
    this.hasStarted = true;
    this.caretaker.start();
    await this.claims.start({
      run: (job) => this.runAndSettle(job),
      giveBack: (jobs) => this.giveBack(jobs),
    });
    this.logger.log('Worker started');
  }

  /**
   * Resolves when nothing is left that this worker could start now, with all that followed from what it has run. What waits
   * for its time, a limit, a lock elsewhere or a paused queue stays in line.
   */
  async workThrough(): Promise<void> {
    let hasFound = true;
    while (hasFound && !this.stopping) {
      hasFound = await this.claims.workThrough();
      await this.outcomes.flushed();
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    this.stopping ??= this.hasStarted ? this.stop() : this.signOff();
    return this.stopping;
  }

  /**
   * Something was thrown where nobody catches it: nobody knows what else is broken in this process. Jobs that end soon
   * are finished; the others, the culprit among them, are left to recovery, which remembers that they were lost.
   */
  async breakDown(error: unknown): Promise<void> {
    const running = this.runner.runningJobs.map(({ id, type }) => `${id} (${type})`).join(', ') || 'no job';
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.fatal(
      `Nobody caught this, and this worker ends with 1. Running meanwhile: ${running}. ${what}`,
    );
    this.stopping ??= this.finishWhatEnds();
    await this.stopping;
  }

  private async finishWhatEnds(): Promise<void> {
    const lastRound = this.caretaker.stop();
    await within(LAST_CHANCE_MS, this.claims.stop());
    await within(LAST_CHANCE_MS, this.claims.idle());
    await within(LAST_ROUND_MS, lastRound);
    await this.sayLastWords();
  }

  private async runAndSettle(job: ClaimedJob): Promise<void> {
    const outcome = await this.runner.run(job);
    this.endWhenStuck();
    if (outcome) await this.outcomes.add({ claim: job, outcome });
  }

  private giveBack(jobs: readonly ClaimedJob[]): void {
    for (const claim of jobs) void this.outcomes.add({ claim, outcome: { kind: 'released' } });
  }

  private drain(): void {
    if (this.stopping) return;
    this.logger.log('Asked to drain: this worker takes no more jobs, finishes those it runs, and ends');
    this.departure.resolve(0);
  }

  /** Handlers that cannot be stopped keep memory and sockets, and run beside their successors: only a new process is rid of them. */
  private endWhenStuck(): void {
    const { stuckHandlers } = this.runner;
    if (this.stopping || stuckHandlers === 0 || 2 * stuckHandlers < this.claims.slots) return;
    this.logger.error(
      `${stuckHandlers} handlers are stuck in ${this.claims.slots} slots: this worker drains and ends with 1, to be replaced`,
    );
    this.departure.resolve(1);
  }

  private async stop(): Promise<void> {
    const seconds = this.config.worker.shutdownSeconds;
    const lastRound = within(LAST_ROUND_MS, this.caretaker.stop());
    await this.claims.stop();
    this.logger.log(`Stopping: no more jobs are taken, and ${this.claims.busy} are finished first`);
    const finished = await within(seconds * 1000, this.claims.idle());
    const returned = this.claims.busy;
    if (!finished) {
      this.runner.abortAll();
      await within(ABORT_GRACE_MS + MARGIN_MS, this.claims.idle());
    }
    await lastRound;
    const stored = await this.sayLastWords();
    if (!finished)
      this.logger.warn(`Worker shutdown timeout after ${seconds}s - ${returned} jobs returned to the queue`);
    else if (stored) this.logger.log('Graceful shutdown completed - all jobs finished');
  }

  /** Answers whether all outcomes are stored. */
  private async sayLastWords(): Promise<boolean> {
    const stored = await within(LAST_WORDS_MS, this.outcomes.flushed());
    if (!stored)
      this.logger.error('Some outcomes could not be stored before the end; their jobs will run again');
    await this.signOff();
    return stored;
  }

  private async signOff(): Promise<void> {
    await within(SIGN_OFF_MS, this.presence.leave()).catch((error: unknown) => {
      this.logger.warn(`This worker could not sign off: ${messageOf(error)}`);
    });
  }
}

/** Whether the work was done in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
