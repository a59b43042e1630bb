import { defined } from './defined.js';
import type { RequestOptions } from './options.js';
import { type Pages, pagesOf } from './pages.js';
import type { EditOptions } from './queues.js';
import type { Api } from './transport/api.js';
import type { AnswerOf } from './transport/routes.js';
import type { NewSchedule, Schedule, ScheduleChanges } from './wire.js';

/** Schedules. All methods throw ProblemError (404 `schedule_not_found`), ConnectionError and the signal's reason. */
export class Schedules {
  constructor(private readonly api: Api) {}

  /** @param limit the size of a page */
  list({ limit }: { limit?: number } = {}, options?: RequestOptions): Pages<Schedule> {
    return pagesOf('schedules', (cursor) =>
      this.api.request('GET /schedules', { query: defined({ limit, cursor }) }, options),
    );
  }

  /** With its latest runs. */
  get(name: string, options?: RequestOptions): Promise<AnswerOf<'GET /schedules/{name}'>> {
    return this.api.request('GET /schedules/{name}', { path: { name } }, options);
  }

  /** Not tried again when no answer comes. @throws ProblemError 409 `schedule_already_exists` */
  create(schedule: NewSchedule, options?: RequestOptions): Promise<Schedule> {
    return this.api.request('POST /schedules', { body: schedule }, options);
  }

  /** Changes what is named and leaves the rest. Not tried again when no answer comes. */
  edit(
    name: string,
    changes: ScheduleChanges,
    { ifMatch = '*', ...options }: EditOptions = {},
  ): Promise<Schedule> {
    const header = { 'If-Match': ifMatch };
    return this.api.request('PATCH /schedules/{name}', { path: { name }, header, body: changes }, options);
  }

  delete(name: string, options?: RequestOptions): Promise<undefined> {
    return this.api.request('DELETE /schedules/{name}', { path: { name } }, options);
  }

  pause(name: string, reason?: string, options?: RequestOptions): Promise<Schedule> {
    return this.api.request(
      'POST /schedules/{name}/pause',
      { path: { name }, body: defined({ reason }) },
      options,
    );
  }

  resume(name: string, options?: RequestOptions): Promise<Schedule> {
    return this.api.request('POST /schedules/{name}/resume', { path: { name } }, options);
  }

  /** Starts its job or workflow now, once however often it takes to get an answer. */
  run(name: string, options?: RequestOptions): Promise<AnswerOf<'POST /schedules/{name}/run'>> {
    return this.api.request('POST /schedules/{name}/run', { path: { name } }, options);
  }

  /** Its next times. @param count 1 to 100 */
  preview(
    name: string,
    count?: number,
    options?: RequestOptions,
  ): Promise<AnswerOf<'GET /schedules/{name}/preview'>> {
    const query = defined({ count });
    return this.api.request('GET /schedules/{name}/preview', { path: { name }, query }, options);
  }
}
