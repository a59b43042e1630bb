import type { AttemptContext } from './attempt-context.js';
import type { JobRunnable } from './job-handler.js';
import type { JobMiddlewares } from './job-middlewares.js';

/** One run of a handler, in this process or in one of its own. */
export interface Execution {
  /** Settles as the handler does. */
  run(): Promise<unknown>;
  /** Resolves when the handler starts, where that takes a while; absent = at once. */
  readonly started?: Promise<void>;
  /** Whether the handler has completed the job in a transaction of its own. */
  readonly hasCompleted: boolean;
  /** Takes no more words of the handler, and writes those it said. */
  close(): Promise<void>;
}

/** A handler that runs in this process, inside the middlewares. */
export class HandlerCall implements Execution {
  constructor(
    private readonly handler: JobRunnable<object> | undefined,
    private readonly context: AttemptContext,
    private readonly middlewares: JobMiddlewares,
  ) {}

  async run(): Promise<unknown> {
    const { handler, context } = this;
    if (!handler) throw new Error(`This worker has no handler for "${context.type}"`);
    return this.middlewares.around(context, async () => handler.run(context));
  }

  get hasCompleted(): boolean {
    return this.context.hasCompleted;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
