import { defined } from '../defined.js';
import type { RequestOptions } from '../options.js';
import { type Pages, pagesOf } from '../pages.js';
import type { Api } from '../transport/api.js';
import { randomKey } from '../transport/idempotency-key.js';
import type { ArgumentsOf } from '../transport/routes.js';
import { type Batch, type Group, type Job, type JobReference, jobIdOf } from '../wire.js';
import { type FollowOptions, followJob } from './follow-job.js';
import type { JobNews } from './job-news.js';
import type { JobOptions, NewJob, PayloadOf, ResultOf, TypeName } from './job-types.js';

/** Which jobs a list has, in the words of `GET /jobs`; `limit` is the size of a page, 1 to 200, 50 otherwise. */
export type JobFilter = Omit<NonNullable<ArgumentsOf<'GET /jobs'>['query']>, 'cursor'>;

/** What holds for a batch as a whole. */
export interface BatchOptions extends RequestOptions {
  /** Makes a group of it, which can be followed as one. */
  readonly group?: Group | undefined;
  /** Of the group; a random one otherwise. Jobs of a batch that is no group have their own. */
  readonly idempotency_key?: string | undefined;
}

/** Jobs: submit, read, change, follow. All methods throw ProblemError, ConnectionError and the signal's reason. */
export class Jobs<Own> {
  constructor(private readonly api: Api) {}

  /**
   * Submits a job. It is sent with an idempotency key, that of the options or a random one, which its repeats have as well: however
   * often it takes to get an answer, one job is made.
   * @param payload what the type takes; at most 1 MiB unless the service says otherwise
   * @throws ProblemError 422 for a payload that does not fit, with a pointer to each fault; 429 `queue_full`
   */
  submit<Type extends TypeName<Own>>(
    type: Type,
    payload: PayloadOf<Own, Type>,
    job: JobOptions = {},
    options: RequestOptions = {},
  ): Promise<Job<ResultOf<Own, Type>>> {
    const body = { ...job, type, payload } as ArgumentsOf<'POST /jobs'>['body'];
    return this.api.request('POST /jobs', { body }, options) as Promise<Job<ResultOf<Own, Type>>>;
  }

  /**
   * Submits 1 to 10,000 jobs, 32 MiB at most, all or none, and none of them twice: those without an idempotency key, or the group,
   * get a random one.
   * @returns the id of each in their order
   * @throws ProblemError 422 with a pointer to each fault, such as `/jobs/3/payload/to`
   */
  submitMany<const Types extends readonly TypeName<Own>[]>(
    jobs: { [Index in keyof Types]: NewJob<Own, Types[Index]> },
    { group, idempotency_key: key, ...options }: BatchOptions = {},
  ): Promise<Batch> {
    const keyed = group ? jobs : jobs.map((job) => ({ idempotency_key: randomKey(), ...job }));
    const body = { jobs: keyed, ...defined({ group }) } as ArgumentsOf<'POST /jobs/batch'>['body'];
    return this.api.request(
      'POST /jobs/batch',
      { header: defined({ 'Idempotency-Key': key }), body },
      options,
    );
  }

  /** @throws ProblemError 404 `job_not_found` */
  get(job: JobReference, options?: RequestOptions): Promise<Job> {
    return this.api.request('GET /jobs/{job_id}', this.path(job), options);
  }

  /**
   * Cancels a job: at once one that waits; one that runs is asked to stop, and is CANCELLED when it has, 5 s later at the latest.
   * @throws ProblemError 409 `job_state_conflict` for one that has ended
   */
  cancel(job: JobReference, options?: RequestOptions): Promise<Job> {
    return this.api.request('POST /jobs/{job_id}/cancel', this.path(job), options);
  }

  /** Runs a FAILED or CANCELLED job again, under the same id. @throws ProblemError 409 in any other state */
  retry(job: JobReference, options?: RequestOptions): Promise<Job> {
    return this.api.request('POST /jobs/{job_id}/retry', this.path(job), options);
  }

  /** The jobs that fit, newest first, fetched page by page while they are read. */
  list(filter: JobFilter = {}, options?: RequestOptions): Pages<Job> {
    return pagesOf('jobs', (cursor) =>
      this.api.request('GET /jobs', { query: { ...filter, ...defined({ cursor }) } }, options),
    );
  }

  /**
   * All that has happened to a job and what happens to it, until it has ended: its events, log lines and progress, then `end`. A
   * connection that breaks is made anew, and goes on where it was. Leaving the loop closes it.
   * @throws ConnectionError when the service is away for two minutes
   */
  events(job: JobReference, options: FollowOptions = {}): AsyncIterable<JobNews> {
    return followJob(this.api, jobIdOf(job), options);
  }

  private path(job: JobReference) {
    return { path: { job_id: jobIdOf(job) } };
  }
}
