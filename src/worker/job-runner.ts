import { Injectable, Logger } from '@nestjs/common';
import { DatabaseClock } from '../common/index.js';
import { type ClaimedJob, type Job, type JobType, JobTypes, type Outcome } from '../queue/index.js';
import { asAttempt } from './attempt-trace.js';
import { CancelWatch } from './cancel-watch.js';
import { CircuitBreakers } from './circuits/circuit-breakers.js';
import { outcomeOfError } from './error-verdict.js';
import { Executions } from './executions.js';
import { ABORT_GRACE_MS, RunningAttempt } from './running-attempt.js';

/** Runs attempts: gives the handler its context, minds the time, and answers with the outcome as a value. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);
  private readonly running = new Map<string, RunningAttempt>();
  private readonly stuck = new Set<RunningAttempt>();

  constructor(
    private readonly types: JobTypes,
    private readonly executions: Executions,
    private readonly cancels: CancelWatch,
    private readonly clock: DatabaseClock,
    private readonly circuits: CircuitBreakers,
  ) {}

  /**
   * Runs one attempt to its end. Never rejects.
   * @returns its outcome; undefined when it has completed its job itself, in a transaction of its own
   */
  async run(job: ClaimedJob): Promise<Outcome | undefined> {
    const jobType = this.types.get(job.type);
    const { circuit } = jobType;
    if (!circuit) return asAttempt(job, () => this.runAttempt(job, jobType));
    if (this.circuits.holdsBack(job)) return { kind: 'released' };
    const outcome = await asAttempt(job, () => this.runAttempt(job, jobType));
    await this.circuits.note(job, circuit, outcome);
    return outcome;
  }

  /** Tells every running handler to end. */
  abortAll(): void {
    for (const attempt of this.running.values()) attempt.abortForShutdown();
  }

  /** Tells every running handler to end: others are about to run its job. */
  abandonAll(): void {
    for (const attempt of this.running.values()) attempt.abortForLostLease();
  }

  /** The attempts that run and had begun by `since` (monotonic, ms). */
  begunBefore(since: number): ClaimedJob[] {
    return [...this.running.values()]
      .filter(({ startedAt }) => startedAt < since)
      .map((attempt) => attempt.job);
  }

  /** Tells the handlers of these attempts to end: others run their jobs. */
  abandon(lost: readonly Pick<Job, 'id' | 'attempts'>[]): void {
    for (const { id, attempts } of lost) {
      const attempt = this.running.get(id);
      if (attempt?.job.attempts === attempts) attempt.abortForLostLease();
    }
  }

  /** Tells those of these attempts that run here that their job is cancelled. */
  cancel(attempts: readonly Pick<Job, 'id' | 'attempts'>[]): void {
    this.cancels.cancel(attempts);
  }

  /** The jobs that this worker runs right now. */
  get runningJobs(): ClaimedJob[] {
    return [...this.running.values()].map((attempt) => attempt.job);
  }

  /** Whether this worker runs the job right now. */
  isRunning(jobId: string): boolean {
    return this.running.has(jobId);
  }

  /** Handlers that ignored their signal and have still not settled; they may run on beside their successors. */
  get stuckHandlers(): number {
    return this.stuck.size;
  }

  private async runAttempt(job: ClaimedJob, jobType: JobType): Promise<Outcome | undefined> {
    const judge = (error: unknown) => outcomeOfError(error, jobType, this.clock.now());
    const attempt = new RunningAttempt(job, job.timeout ?? jobType.timeoutSeconds, judge, this.clock);
    const execution = this.executions.make(job, attempt);
    const unwatch = this.cancels.watch(job, () => attempt.abortForCancel());
    this.running.set(job.id, attempt);
    try {
      const { outcome, stuck } = await attempt.outcomeOf(() => execution.run(), execution.started);
      if (stuck) this.noteStuck(attempt);
      await execution.close();
      if (!execution.hasCompleted) return outcome;
      if (outcome.kind !== 'completed') this.warnOfLateEnd(job, outcome);
      return undefined;
    } finally {
      unwatch();
      // A worker that was thought dead may have claimed the job again meanwhile.
      if (this.running.get(job.id) === attempt) this.running.delete(job.id);
    }
  }

  private warnOfLateEnd({ id }: ClaimedJob, outcome: Outcome): void {
    const why = 'error' in outcome ? `: ${outcome.error?.message}` : '';
    this.logger.warn(
      `Job ${id}: its handler ended as ${outcome.kind} after job.transaction() had completed the job, which it stays${why}`,
    );
  }

  private noteStuck(attempt: RunningAttempt): void {
    const { id, type } = attempt.job;
    this.stuck.add(attempt);
    this.logger.error(
      `Job ${id}: the ${type} handler ignored its abort signal for ${ABORT_GRACE_MS / 1000} s and may still be running`,
    );
    void attempt.ended.then(() => {
      this.stuck.delete(attempt);
      this.logger.warn(`Job ${id}: the ${type} handler that ignored its abort signal has ended after all`);
    });
  }
}
