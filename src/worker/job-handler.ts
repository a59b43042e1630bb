import { SetMetadata } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import type { Config } from '../config/index.js';
import type { BackoffPolicy, JsonObject } from '../queue/index.js';

/** What a handler is given: one attempt of one job. */
export interface JobContext<Payload = unknown> {
  readonly jobId: string;
  readonly type: string;
  readonly payload: Payload;
  /** This execution's number, from 1 on. */
  readonly attempt: number;
  /** The present limit of executions; null = none. */
  readonly maxAttempts: number | null;
  readonly isLastAttempt: boolean;
  /** Fires when the attempt must end: its time is over, or the worker stops. */
  readonly signal: AbortSignal;
}

/** Retries and time, for a type that wants its own. */
export interface JobPolicy {
  /** Executions, not retries; null = no limit. Default 3. */
  readonly maxAttempts?: number | null;
  /** Default: exponential from 1 s to 300 s, with `RETRY_JITTER`. */
  readonly backoff?: BackoffPolicy;
  /** 1 to 86,400 s. Default `JOB_TIMEOUT`. */
  readonly timeoutSeconds?: number;
}

/** What a handler declares about its job type. */
export interface JobHandlerOptions {
  readonly type: string;
  /** Other names the type is submitted under. */
  readonly aliases?: readonly string[];
  /** Default `default`. */
  readonly queue?: string;
  readonly description: string;
  /** The class-validator class that every payload must satisfy. */
  readonly payload: ClassConstructor<object>;
  /** A payload that works, for the documentation. */
  readonly example: object;
  readonly policy?: JobPolicy | ((config: Config) => JobPolicy);
  /** A few words on a payload, said to whoever submits it through `POST /tasks/{type}`. */
  readonly summary?: (payload: JsonObject) => string;
}

/** The work itself. What it returns becomes the job's result; what it throws fails the attempt. */
export interface JobRunnable<Payload = never, Result = unknown> {
  run(job: JobContext<Payload>): Promise<Result>;
}

/** The metadata key under which the declaration is found again. */
export const JOB_HANDLER = 'roundhouse:job-handler';

/** Declares a provider as the handler of a job type. */
export const JobHandler = (options: JobHandlerOptions): ClassDecorator => SetMetadata(JOB_HANDLER, options);
