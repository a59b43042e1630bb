import { Injectable, Logger } from '@nestjs/common';
import { toInstance } from '../common/http/index.js';
import { type Job, JobTypes, type Outcome } from '../queue/index.js';
import { HandlerRegistry } from './handler-registry.js';
import type { JobContext } from './job-handler.js';
import { ABORT_GRACE_MS, RunningAttempt } from './running-attempt.js';

/** Runs attempts: gives the handler its context, minds the time, and answers with the outcome as a value. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);
  private readonly running = new Map<string, RunningAttempt>();
  private stuck = 0;

  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly types: JobTypes,
  ) {}

  /** Runs one attempt to its end. Never rejects. */
  async run(job: Job): Promise<Outcome> {
    const attempt = new RunningAttempt(job, this.timeoutOf(job));
    this.running.set(job.id, attempt);
    try {
      const { outcome, stuck } = await attempt.outcomeOf(async () => this.callHandler(job, attempt.signal));
      if (stuck) this.reportStuck(job);
      return outcome;
    } finally {
      // A worker that was thought dead may have claimed the job again meanwhile.
      if (this.running.get(job.id) === attempt) this.running.delete(job.id);
    }
  }

  /** Tells every running handler to end. */
  abortAll(): void {
    for (const attempt of this.running.values()) attempt.abortForShutdown();
  }

  /** Whether the job runs in this process right now. */
  isRunning(jobId: string): boolean {
    return this.running.has(jobId);
  }

  /** Handlers that ignored their signal since this worker started; they may run on beside their successors. */
  get stuckHandlers(): number {
    return this.stuck;
  }

  private callHandler(job: Job, signal: AbortSignal): Promise<unknown> {
    const handler = this.handlers.find(job.type);
    const jobType = this.types.find(job.type);
    if (!handler || !jobType) throw new Error(`This worker has no handler for "${job.type}"`);
    const context: JobContext<object> = {
      jobId: job.id,
      type: job.type,
      payload: toInstance(jobType.payload, job.payload),
      attempt: job.attempts,
      maxAttempts: job.maxAttempts,
      isLastAttempt: job.maxAttempts !== null && job.attempts >= job.maxAttempts,
      signal,
    };
    return handler.run(context);
  }

  private timeoutOf(job: Job): number {
    return job.timeout ?? this.types.get(job.type).timeoutSeconds;
  }

  private reportStuck(job: Job): void {
    this.stuck += 1;
    this.logger.error(
      `Job ${job.id}: the ${job.type} handler ignored its abort signal for ${ABORT_GRACE_MS / 1000} s and may still be running`,
    );
  }
}
