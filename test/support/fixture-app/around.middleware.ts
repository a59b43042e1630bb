import { type JobContext, JobMiddleware, type MiddlewareRunnable } from '../../../src/worker/index.js';
import type { AnyPayload } from './payload.js';

/** Tells where it ran around those jobs that ask for it. */
@JobMiddleware()
export class AroundMiddleware implements MiddlewareRunnable {
  async run(job: JobContext<AnyPayload>, next: () => Promise<unknown>): Promise<unknown> {
    if (!job.payload.around) return next();
    try {
      return { around: process.pid, result: await next() };
    } catch (error) {
      throw new TypeError(`seen in ${process.pid}`, { cause: error });
    }
  }
}
