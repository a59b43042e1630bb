import { defined } from './defined.js';
import type { RequestOptions } from './options.js';
import type { Api } from './transport/api.js';
import type { Queue, QueueChanges } from './wire.js';

/** Whom an edit may come after. */
export interface EditOptions extends RequestOptions {
  /** The ETag that was read: the edit is refused (412) when somebody was faster. Otherwise it is made whoever was. */
  readonly ifMatch?: string | undefined;
}

/** Queues. All methods throw ProblemError (404 `queue_not_found`), ConnectionError and the signal's reason. */
export class Queues {
  constructor(private readonly api: Api) {}

  /** All of them. */
  async list(options?: RequestOptions): Promise<Queue[]> {
    const { queues } = await this.api.request('GET /queues', {}, options);
    return queues;
  }

  /** With its depth by state, rates and limits. */
  get(name: string, options?: RequestOptions): Promise<Queue> {
    return this.api.request('GET /queues/{name}', { path: { name } }, options);
  }

  /** No worker starts a job of it any more, within a second; those that run go on. @param until RFC 3339, or until `resume` */
  pause(
    name: string,
    { reason, until }: { reason?: string; until?: string | Date } = {},
    options?: RequestOptions,
  ): Promise<Queue> {
    const body = defined({ reason, until: until instanceof Date ? until.toISOString() : until });
    return this.api.request('POST /queues/{name}/pause', { path: { name }, body }, options);
  }

  resume(name: string, options?: RequestOptions): Promise<Queue> {
    return this.api.request('POST /queues/{name}/resume', { path: { name } }, options);
  }

  /** Changes what is named and leaves the rest. Not tried again when no answer comes. */
  edit(name: string, changes: QueueChanges, { ifMatch = '*', ...options }: EditOptions = {}): Promise<Queue> {
    const header = { 'If-Match': ifMatch };
    return this.api.request('PATCH /queues/{name}', { path: { name }, header, body: changes }, options);
  }
}
