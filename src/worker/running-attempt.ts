import type { DatabaseClock } from '../common/index.js';
import type { ClaimedJob, Outcome } from '../queue/index.js';
import { isDecision } from './error-verdict.js';
import { AttemptAborted } from './job-control.errors.js';

/** How long (ms) a handler may take to settle after its signal has fired, before its slot is taken away. */
export const ABORT_GRACE_MS = 5_000;

/** How an attempt ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** It ignored its signal, and may still be running. */
  readonly stuck: boolean;
}

/** One execution of a handler: settles when the handler does, or a grace time after it was told to end. */
export class RunningAttempt {
  private controller: AbortController | undefined;
  /** Why it is to end; absent = it may go on. */
  private reason: AttemptAborted | undefined;
  private readonly gaveUp = Promise.withResolvers<'gave-up'>();
  private readonly handlerEnded = Promise.withResolvers<void>();
  private readonly alarms: (() => void)[] = [];
  /** Monotonic, ms. */
  readonly startedAt = performance.now();

  /**
   * @param judge what an error that the handler threw makes of the attempt
   * @param clock measures its time
   */
  constructor(
    readonly job: ClaimedJob,
    private readonly timeoutSeconds: number,
    private readonly judge: (error: unknown) => Outcome,
    private readonly clock: Pick<DatabaseClock, 'after'>,
  ) {}

  /** Made when somebody asks for it: most handlers end long before. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.reason) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  /** Resolves when the handler has settled, however late. */
  get ended(): Promise<void> {
    return this.handlerEnded.promise;
  }

  /**
   * Runs the handler. Never rejects: whatever happens is an outcome.
   * @param started from when on its time counts; absent = at once
   */
  async outcomeOf(run: () => Promise<unknown>, started?: Promise<void>): Promise<Ending> {
    if (started) void started.then(() => this.startClock());
    else this.startClock();
    try {
      const ended = run()
        .then(
          (result) => this.outcomeOfResult(result),
          (error: unknown) => this.outcomeOfFailure(error),
        )
        .finally(() => this.handlerEnded.resolve());
      const first = await Promise.race([ended, this.gaveUp.promise]);
      return first === 'gave-up'
        ? { outcome: this.outcomeOfFailure(undefined), stuck: true }
        : { outcome: first, stuck: false };
    } finally {
      for (const callOff of this.alarms) callOff();
    }
  }

  private startClock(): void {
    const timeout = `The attempt was given ${this.timeoutSeconds} s and did not end in time`;
    this.alarms.push(this.clock.after(this.timeoutSeconds * 1000, () => this.abort('timeout', timeout)));
  }

  /** Gives the job back: the worker stops. */
  abortForShutdown(): void {
    this.abort('shutdown', 'The worker is shutting down');
  }

  /** The job runs elsewhere, or is about to. */
  abortForLostLease(): void {
    this.abort('lease', 'The worker lost touch with the database, and the job to another worker');
  }

  /** Somebody cancels the job. */
  abortForCancel(): void {
    this.abort('cancel', 'The job was cancelled');
  }

  private abort(reason: AttemptAborted['reason'], message: string): void {
    if (this.reason) return;
    this.reason = new AttemptAborted(reason, message);
    this.controller?.abort(this.reason);
    this.alarms.push(this.clock.after(ABORT_GRACE_MS, () => this.gaveUp.resolve('gave-up')));
  }

  /** A worker that stops is glad of every job that ends well all the same; for other reasons it is too late. */
  private outcomeOfResult(result: unknown): Outcome {
    return this.outcomeOfAbort() ?? { kind: 'completed', result };
  }

  private outcomeOfFailure(error: unknown): Outcome {
    const outcome = this.outcomeOfAbort();
    if (outcome) return outcome;
    if (this.reason && !isDecision(error)) return { kind: 'released' };
    return this.judge(error);
  }

  private outcomeOfAbort(): Outcome | undefined {
    if (this.reason?.reason === 'cancel') return { kind: 'cancelled' };
    if (this.reason?.reason !== 'timeout') return undefined;
    return { kind: 'timed_out', error: { name: 'TimeoutError', message: this.reason.message } };
  }
}
