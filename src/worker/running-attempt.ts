import { type Job, type Outcome, storableError } from '../queue/index.js';

/** How long (ms) a handler may take to settle after its signal has fired, before its slot is taken away. */
export const ABORT_GRACE_MS = 5_000;

type AbortCause = 'timeout' | 'shutdown';

/** The signal's reason. */
export class AttemptAborted extends Error {
  override readonly name = 'AttemptAborted';

  constructor(
    readonly reason: AbortCause,
    message: string,
  ) {
    super(message);
  }
}

/** One execution of a handler: settles when the handler does, or a grace time after it was told to end. */
export class RunningAttempt {
  private readonly controller = new AbortController();
  private readonly gaveUp = Promise.withResolvers<'gave-up'>();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    readonly job: Job,
    private readonly timeoutSeconds: number,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Runs the handler. Never rejects: whatever happens is an outcome. `stuck` = it ignored its signal. */
  async outcomeOf(run: () => Promise<unknown>): Promise<{ outcome: Outcome; stuck: boolean }> {
    const timeout = `The attempt was given ${this.timeoutSeconds} s and did not end in time`;
    this.timers.push(setTimeout(() => this.abort('timeout', timeout), this.timeoutSeconds * 1000));
    try {
      const ended = run().then(
        (result) => this.outcomeOfResult(result),
        (error: unknown) => this.outcomeOfFailure(error),
      );
      const first = await Promise.race([ended, this.gaveUp.promise]);
      return first === 'gave-up'
        ? { outcome: this.outcomeOfFailure(undefined), stuck: true }
        : { outcome: first, stuck: false };
    } finally {
      for (const timer of this.timers) clearTimeout(timer);
    }
  }

  /** Gives the job back: the worker stops. */
  abortForShutdown(): void {
    this.abort('shutdown', 'The worker is shutting down');
  }

  private abort(reason: AbortCause, message: string): void {
    if (this.signal.aborted) return;
    this.controller.abort(new AttemptAborted(reason, message));
    this.timers.push(setTimeout(() => this.gaveUp.resolve('gave-up'), ABORT_GRACE_MS));
  }

  private outcomeOfResult(result: unknown): Outcome {
    const aborted = this.abortReason();
    return aborted?.reason === 'timeout' ? timedOut(aborted) : { kind: 'completed', result };
  }

  private outcomeOfFailure(error: unknown): Outcome {
    const aborted = this.abortReason();
    if (aborted?.reason === 'shutdown') return { kind: 'released' };
    if (aborted?.reason === 'timeout') return timedOut(aborted);
    return { kind: 'failed', error: storableError(error) };
  }

  private abortReason(): AttemptAborted | undefined {
    return this.signal.aborted ? (this.signal.reason as AttemptAborted) : undefined;
  }
}

function timedOut(aborted: AttemptAborted): Outcome {
  return { kind: 'timed_out', error: { name: 'TimeoutError', message: aborted.message } };
}
