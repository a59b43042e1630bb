import { SetMetadata } from '@nestjs/common';
import type { JobContext } from './job-handler.js';

/** What a middleware declares about itself. */
export interface JobMiddlewareOptions {
  /** The lower, the further out: the first to begin and the last to end. Default 0; ties go by class name. */
  readonly order?: number;
}

/** Runs around the handler of every job, in workers and in the processes of isolated handlers. */
export interface MiddlewareRunnable {
  /**
   * What it returns becomes the job's result, what it throws fails the attempt, whatever the handler did.
   * @param next runs the rest: once at most, and not at all where the middleware answers itself
   */
  run(job: JobContext, next: () => Promise<unknown>): Promise<unknown>;
}

/** The metadata key under which the declaration is found again. */
export const JOB_MIDDLEWARE = 'roundhouse:job-middleware';

/** Declares a provider as a middleware around every job. */
export const JobMiddleware = (options: JobMiddlewareOptions = {}): ClassDecorator =>
  SetMetadata(JOB_MIDDLEWARE, options);
