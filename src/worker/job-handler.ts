import { SetMetadata } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import type { EntityManager } from 'typeorm';
import type { JobArtifacts } from '../artifacts/index.js';
import type { Config } from '../config/index.js';
import type {
  BackoffPolicy,
  CircuitPolicy,
  ErrorClass,
  Job,
  JsonObject,
  NewJob,
  ParentJob,
  UniquePolicy,
  Workflow,
} from '../queue/index.js';

/** How much a log line matters. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

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
  /** Fires when the attempt must end; its reason is an `AttemptAborted` that says why: timeout, cancel or shutdown. */
  readonly signal: AbortSignal;
  /** The files that jobs produce: `GET /jobs/{id}/artifacts`. */
  readonly artifacts: JobArtifacts;

  /** Keeps a line for `GET /jobs/{id}/logs`: up to 4 KiB each and 1,000 a job. Never fails. */
  log(message: string): void;
  log(level: LogLevel, message: string): void;

  /** Says how far the job has come, from 0 to 100, and in up to 1,000 characters what is being done. Never fails. */
  progress(percent: number, message?: string): void;

  /** Enqueues other jobs: at once, or inside `transaction(fn)` together with its writes. */
  enqueue(job: NewJob): Promise<Job>;
  enqueue(jobs: readonly NewJob[]): Promise<Job[]>;

  /**
   * The result of a COMPLETED job, by its id or by its `ref` in the workflow of this one. `dependsOn` is how to wait.
   * @param isForPeople with `[Redacted]` where its type does not show it (`redact`), for what people will read
   * @throws PermanentFailure when that job does not exist, or has not completed
   */
  resultOf(jobIdOrRef: string, isForPeople?: boolean): Promise<unknown>;

  /** The jobs that this one depends on: how each ended, and what it returned. */
  parents(): Promise<ParentJob[]>;

  /** The workflow that this job is of, or whose end it follows, as it stands; undefined = none. */
  workflow(): Promise<Workflow | undefined>;

  /**
   * Runs `work` in a transaction that also completes the job, with what `work` returns as its result: its writes
   * take effect exactly once, however often workers die. Meant for the writes at the end of an attempt; once an
   * attempt. When the job was lost or cancelled meanwhile, everything is rolled back and this throws.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/** Retries and time, for a type that wants its own. */
export interface JobPolicy {
  /** Executions, not retries; null = no limit. Default 3. */
  readonly maxAttempts?: number | null;
  /** Default: exponential from 1 s to 300 s, with `RETRY_JITTER`. */
  readonly backoff?: BackoffPolicy;
  /** Errors after which the job runs again; when given, every other error is permanent. Subclasses count. */
  readonly retryOn?: readonly ErrorClass[];
  /** Errors after which the job is FAILED at once; they win over `retryOn`. */
  readonly failOn?: readonly ErrorClass[];
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
  /** The class-validator class that every payload must satisfy; `{ by }` makes it of the settings. */
  readonly payload: ClassConstructor<object> | { readonly by: (config: Config) => ClassConstructor<object> };
  /** A payload that works, for the documentation. */
  readonly example: object;
  /** Further ones. */
  readonly examples?: readonly object[];
  /**
   * Runs the handler in a process of its own, which is killed when it does not end in time, or takes too much memory:
   * for handlers that compute for long, or call what may bring the process down. Default false; `memoryMb` is the
   * heap's, default 256, 64 to 65,536.
   */
  readonly isolate?: boolean | { readonly memoryMb?: number };
  readonly policy?: JobPolicy | ((config: Config) => JobPolicy);
  /** Holds its jobs back, all attempts unspent, after so many failures in a row. Default: never. */
  readonly circuit?: CircuitPolicy;
  /** The uniqueness of its jobs, unless a submission asks for another. Default: none. */
  readonly unique?: UniquePolicy;
  /**
   * What is not shown of its payloads and results, as JSON pointers such as `/card/number`; `*` is every member or
   * element. Handlers get all of it; answers, webhooks and searches have `[Redacted]`, or are refused. 50 at most.
   */
  readonly redact?: readonly string[];
  /** Only the service itself makes its jobs; whoever submits one is refused. Default false. */
  readonly isInternal?: boolean;
  /** The jobs that a payload names, whose results or artifacts the handler reads. Default: none. */
  readonly jobsRead?: (payload: JsonObject) => readonly unknown[];
  /** A few words on a payload, said to whoever submits it through `POST /tasks/{type}`. */
  readonly summary?: (payload: JsonObject) => string;
}

/** The class of a type's payloads under these settings. */
export function payloadTypeOf({ payload }: JobHandlerOptions, config: Config): ClassConstructor<object> {
  return typeof payload === 'function' ? payload : payload.by(config);
}

/** The work itself. What it returns becomes the job's result; what it throws fails the attempt. */
export interface JobRunnable<Payload = never, Result = unknown> {
  run(job: JobContext<Payload>): Promise<Result>;
}

/** The metadata key under which the declaration is found again. */
export const JOB_HANDLER = 'roundhouse:job-handler';

/** Declares a provider as the handler of a job type. */
export const JobHandler = (options: JobHandlerOptions): ClassDecorator => SetMetadata(JOB_HANDLER, options);
