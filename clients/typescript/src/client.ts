import { DeadLetters } from './dead-letters.js';
import { Jobs } from './jobs/jobs.js';
import { type WaitOptions, waitForJob } from './jobs/wait-for-job.js';
import { type RoundhouseOptions, resolveOptions } from './options.js';
import { Queues } from './queues.js';
import { Schedules } from './schedules.js';
import { Api, type Arguments } from './transport/api.js';
import type { AnswerOf, Route } from './transport/routes.js';
import { Transport } from './transport/transport.js';
import { type Job, type JobReference, jobIdOf } from './wire.js';
import { type WorkOptions, Worker } from './work/work.js';
import { Workflows } from './workflows.js';

/**
 * A client of a running service. It holds no connection and needs no end; one can be used by everybody at once.
 *
 * What fails on the way (no connection, 408, 429, 502, 503, 504) is tried again with growing pauses, where it may be: reads, what is sent
 * with an idempotency key, and what says how something shall be. Of everything else only what a limit refused (429), because nobody
 * knows whether it was carried out.
 * @typeParam Own your own job types: `{ resize_image: { payload: { url: string }; result: { bytes: number } } }`
 */
export class Roundhouse<Own extends object = object> {
  readonly jobs: Jobs<Own>;
  readonly workflows: Workflows;
  readonly queues: Queues;
  readonly schedules: Schedules;
  readonly deadLetters: DeadLetters;
  private readonly api: Api;

  /** @throws TypeError for an address that is none, and for numbers out of range */
  constructor(options: RoundhouseOptions) {
    this.api = new Api(new Transport(resolveOptions(options)));
    this.jobs = new Jobs(this.api);
    this.workflows = new Workflows(this.api);
    this.queues = new Queues(this.api);
    this.schedules = new Schedules(this.api);
    this.deadLetters = new DeadLetters(this.api);
  }

  /**
   * Resolves with the job when it is COMPLETED, within milliseconds. Lasts through restarts of the service, and gives up when it
   * is away for two minutes.
   * @throws JobFailedError when it is FAILED or CANCELLED
   * @throws WaitTimeoutError when `timeout` (ms) is over; the job goes on
   * @throws ProblemError 404 `job_not_found`, also for a job of a queue that keeps none (`retention: none`) and has completed
   * @throws ConnectionError @throws the signal's reason
   */
  waitFor<Waited extends JobReference>(
    job: Waited,
    options: WaitOptions = {},
  ): Promise<Waited extends Job<infer Result> ? Job<Result> : Job> {
    type Ended = Waited extends Job<infer Result> ? Job<Result> : Job;
    return waitForJob(this.api, jobIdOf(job), options) as Promise<Ended>;
  }

  /**
   * Does jobs of declared types, until the signal of the options fires; it resolves when those that run have ended, or were given
   * back. What a handler throws fails the attempt; `PermanentFailure` fails the job, `RetryLater` puts it off. Lasts through
   * restarts of the service.
   * @throws TypeError without a handler
   * @throws ProblemError when asking for jobs is refused, such as 401 and 422 `unknown_job_type`
   */
  async work(options: WorkOptions<Own>): Promise<void> {
    return new Worker(this.api, options).run();
  }

  /**
   * Any operation of the API by its route, such as `request('GET /jobs/{job_id}/attempts', { path: { job_id } })`.
   * @returns what it answers; undefined for 204
   * @throws ProblemError @throws ConnectionError @throws the signal's reason
   */
  request<R extends Route>(route: R, ...args: Arguments<R>): Promise<AnswerOf<R>> {
    return this.api.request(route, ...args);
  }

  /** As `request`, with the answer as it comes: for artifacts, headers such as `ETag`, and 304. Its body has no time limit. */
  open<R extends Route>(route: R, ...args: Arguments<R>): Promise<Response> {
    return this.api.open(route, ...args);
  }
}
