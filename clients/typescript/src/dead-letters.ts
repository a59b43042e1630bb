import type { RequestOptions } from './options.js';
import { type Pages, pagesOf } from './pages.js';
import { defined } from './defined.js';
import type { Api } from './transport/api.js';
import type { AnswerOf, ArgumentsOf } from './transport/routes.js';
import { type DeadLetter, type ErrorGroup, type JobReference, jobIdOf } from './wire.js';

/** Which dead letters a list has, in the words of `GET /dead-letters`; `limit` is the size of a page. */
export type DeadLetterFilter = Omit<NonNullable<ArgumentsOf<'GET /dead-letters'>['query']>, 'cursor'>;

/** Which groups of errors a list has, in the words of `GET /dead-letters/groups`. */
export type ErrorGroupFilter = Omit<NonNullable<ArgumentsOf<'GET /dead-letters/groups'>['query']>, 'cursor'>;

/** What is to run again, in the words of `POST /dead-letters/redrive`. */
export type Redrive = ArgumentsOf<'POST /dead-letters/redrive'>['body'];

/** Jobs that have failed for good. All methods throw ProblemError, ConnectionError and the signal's reason. */
export class DeadLetters {
  constructor(private readonly api: Api) {}

  /** Newest first. */
  list(filter: DeadLetterFilter = {}, options?: RequestOptions): Pages<DeadLetter> {
    return pagesOf('dead_letters', (cursor) =>
      this.api.request('GET /dead-letters', { query: { ...filter, ...defined({ cursor }) } }, options),
    );
  }

  /** The same failures together, by their error. */
  groups(filter: ErrorGroupFilter = {}, options?: RequestOptions): Pages<ErrorGroup> {
    return pagesOf('groups', (cursor) =>
      this.api.request('GET /dead-letters/groups', { query: { ...filter, ...defined({ cursor }) } }, options),
    );
  }

  /**
   * Lets them run again, in the background; with `dry_run` it only tells which. Not tried again when no answer comes.
   * @returns the operation, to be followed by `GET /bulk-operations/{operation_id}`
   */
  redrive(what: Redrive, options?: RequestOptions): Promise<AnswerOf<'POST /dead-letters/redrive'>> {
    return this.api.request('POST /dead-letters/redrive', { body: what }, options);
  }

  /** Deletes one for good. */
  discard(job: JobReference, options?: RequestOptions): Promise<undefined> {
    return this.api.request('DELETE /dead-letters/{job_id}', { path: { job_id: jobIdOf(job) } }, options);
  }
}
