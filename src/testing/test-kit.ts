import { randomUUID } from 'node:crypto';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { InMemoryArtifacts } from '../artifacts/index.js';
import { type Duration, after } from '../common/duration.js';
import { toValid } from '../common/http/index.js';
import { InMemoryQueue, JobMemory, type JobStatus, JobTypes, type Managed } from '../queue/index.js';
import { InMemoryJournal, JobRunner } from '../worker/index.js';
import { type ExpectedJob, expectJobs } from './expectation.js';
import { type JobReport, JobReports } from './job-report.js';
import { type TestKitOptions, startContext } from './start-context.js';
import { TestClock } from './test-clock.js';
import { type TestJob, toNewJob } from './test-job.js';

/** Who asks for changes, and who runs the jobs, as far as their history tells. */
const ACTOR = 'test';
const WORKER_ID = randomUUID();

/** More attempts than any test means to run: a job retries, or enqueues the next one, for ever. */
const MOST_ATTEMPTS = 10_000;

/**
 * The queue and a worker for the tests of handlers, in this process and without a database. Nothing runs by itself and
 * no time passes: `runUntilEmpty` runs what is due, `advance` moves the clock.
 */
export class TestKit {
  private isStopped = false;

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: TestClock,
    private readonly startedAt: Date,
  ) {}

  /** @throws Error when a handler's declaration makes no sense, or Nest cannot give a provider what it asks for */
  static async start(options: TestKitOptions): Promise<TestKit> {
    const startedAt = new Date(options.now ?? Date.now());
    if (Number.isNaN(startedAt.getTime()))
      throw new RangeError(
        `"${String(options.now)}" is not a time: give a Date, or text such as 2030-01-31T15:00:00Z`,
      );
    const clock = new TestClock(startedAt.getTime());
    return new TestKit(await startContext(options, clock), clock, startedAt);
  }

  /** A provider, such as the one that a handler under test was given. */
  get<T>(token: Type<T> | string | symbol): T {
    return this.app.get<T>(token);
  }

  /** What the clock shows. */
  get now(): Date {
    return new Date(this.clock.now());
  }

  /**
   * Enqueues a job as a submission does.
   * @returns the job, or the one that answers for it: of the same id, idempotency key or unique key
   * @throws DomainError unknown_job_type, validation_failed, idempotency_key_reused, job_already_exists
   */
  async enqueue(job: TestJob): Promise<JobReport> {
    const newJob = toNewJob(job, this.now);
    await toValid(this.app.get(JobTypes).get(job.type).payload, newJob.payload, { base: '/payload' });
    const [enqueued] = await this.queue.enqueue([newJob]);
    if (!enqueued) throw new Error('The queue answered without a job');
    return this.job(enqueued.job.id);
  }

  /**
   * Runs what is due, one job after the other, until nothing is. Advances nothing. The first handler has begun when
   * this returns its promise.
   * @returns how many attempts ran
   * @throws Error after 10,000 attempts
   */
  runUntilEmpty(): Promise<number> {
    return this.runDue(0);
  }

  /**
   * The same, and moves the clock to the next scheduled job or retry whenever nothing is due, until no job is PENDING.
   * @returns how many attempts ran
   * @throws Error after 10,000 attempts
   */
  async runUntilFinished(): Promise<number> {
    let attempts = await this.runDue(0);
    for (let due = this.queue.nextDue(); due && !this.isStopped; due = this.queue.nextDue()) {
      await this.clock.goTo(Math.max(due.getTime(), this.clock.now()));
      attempts = await this.runDue(attempts);
    }
    return attempts;
  }

  /** Moves the clock on, by seconds or amounts of calendar units. Attempts that run meanwhile may time out; none begins. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.goTo(after(this.now, duration).getTime());
  }

  /** @throws Error when there is none of this id */
  job(id: string): JobReport {
    return this.app.get(JobReports).of(id);
  }

  /** The content of a file that a job has produced. @throws ArtifactNotFoundError */
  artifact(jobId: string, name: string): Buffer {
    return this.artifacts.contentOf(jobId, name);
  }

  /** All jobs, or those of a type or status, in the order in which they were enqueued. */
  jobs({ type, status }: { type?: string; status?: JobStatus } = {}): JobReport[] {
    return this.memory
      .all()
      .filter((job) => (type ?? job.type) === job.type && (status ?? job.status) === job.status)
      .map(({ id }) => this.job(id));
  }

  /**
   * Expects jobs to have been enqueued since the start or the last reset, by the test, a handler or a provider.
   * @param times how many; default: at least one
   * @returns those jobs
   * @throws AssertionError that names all jobs there are
   */
  expectEnqueued(expected: ExpectedJob, times?: number): JobReport[] {
    return expectJobs(this.jobs(), expected, times);
  }

  /** Cancels a job: at once while it waits; while it runs its signal fires. */
  cancel(id: string): Promise<Managed> {
    return this.first(this.queue.cancel([id], ACTOR));
  }

  /** Lets a FAILED or CANCELLED job run once more. */
  retry(id: string): Promise<Managed> {
    return this.first(this.queue.retry([id], ACTOR));
  }

  /** Lets a PENDING job start now, whatever time it waits for. */
  runNow(id: string): Promise<Managed> {
    return this.first(this.queue.runNow([id], ACTOR));
  }

  /** Forgets all jobs and puts the clock back. @throws Error while a job runs */
  reset(): void {
    const running = this.runner.runningJobs.map(({ id, type }) => `${id} (${type})`);
    if (running.length > 0)
      throw new Error(`Await runUntilEmpty() before reset(): there still runs ${running.join(', ')}`);
    this.memory.clear();
    this.app.get(InMemoryJournal).clear();
    this.artifacts.clear();
    this.clock.set(this.startedAt);
  }

  /** Tells running handlers to end, and closes the providers. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.runner.abortAll();
    await this.app.close();
  }

  /** @param before attempts that count with those to come */
  private async runDue(before: number): Promise<number> {
    let attempts = before;
    while (await this.runNext()) {
      attempts += 1;
      if (attempts >= MOST_ATTEMPTS)
        throw new Error(
          `${MOST_ATTEMPTS} attempts have run, and more are to come: a job retries, or enqueues the next one, for ever`,
        );
    }
    return attempts;
  }

  private async runNext(): Promise<boolean> {
    const job = this.isStopped ? undefined : this.queue.claimNext(WORKER_ID);
    if (!job) return false;
    const outcome = await this.runner.run(job);
    if (outcome) this.queue.settle([{ claim: job, outcome }]);
    return true;
  }

  private async first(managed: Promise<Managed[]>): Promise<Managed> {
    const [one] = await managed;
    if (!one) throw new Error('The queue answered without a job');
    return one;
  }

  private get queue(): InMemoryQueue {
    return this.app.get(InMemoryQueue);
  }

  private get memory(): JobMemory {
    return this.app.get(JobMemory);
  }

  private get artifacts(): InMemoryArtifacts {
    return this.app.get(InMemoryArtifacts);
  }

  private get runner(): JobRunner {
    return this.app.get(JobRunner);
  }
}
