import { Injectable } from '@nestjs/common';
import { type ClaimedJob, JobTypes } from '../queue/index.js';
import type { Abortable } from './attempt-context.js';
import { AttemptContexts } from './attempt-contexts.js';
import { HandlerCall } from './handler-call.js';
import { HandlerRegistry } from './handler-registry.js';
import { JobMiddlewares } from './job-middlewares.js';

/** Brings a job's handler and its context together. */
@Injectable()
export class HandlerCalls {
  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly types: JobTypes,
    private readonly contexts: AttemptContexts,
    private readonly middlewares: JobMiddlewares,
  ) {}

  make(job: ClaimedJob, attempt: Abortable): HandlerCall {
    const context = this.contexts.make(job, this.types.get(job.type), attempt);
    return new HandlerCall(this.handlers.find(job.type), context, this.middlewares);
  }
}
