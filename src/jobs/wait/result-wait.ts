import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { DomainError } from '../../common/index.js';
import { HeldRequests } from '../../held-requests/index.js';
import { Job, isFinal } from '../../queue/index.js';
import { Coalescer } from '../watch/coalescer.js';
import { JobWatch } from '../watch/job-watch.js';

/** Jobs of one statement: each may bring a payload and a result of a megabyte. */
const MOST_JOBS = 50;

/** Callers who wait at once in one process; further ones are answered without a wait. */
const MOST_WAITERS = 5_000;

/** Waits for jobs to end. */
@Injectable()
export class ResultWait {
  private readonly reads = new Coalescer<string, Job | undefined>((ids) => this.read(ids), MOST_JOBS);
  private waiters = 0;

  constructor(
    private readonly watch: JobWatch,
    @InjectRepository(Job) private readonly jobs: Repository<Job>,
    private readonly held: HeldRequests,
  ) {}

  /**
   * Answers with the job as soon as it has ended: COMPLETED, FAILED or CANCELLED. Else with the job as it is, after
   * this many seconds, or at once when the signal fires, this process stops, or its caller waits for too many already.
   * Undefined when the caller may not know any more.
   * @throws DomainError job_not_found when somebody deletes it meanwhile
   */
  async untilFinished(jobId: string, seconds: number, signal?: AbortSignal): Promise<Job | undefined> {
    const refused = new AbortController();
    const leave = this.held.enter('waits for results', () => refused.abort());
    if (leave && this.waiters < MOST_WAITERS) {
      const over = AbortSignal.any([refused.signal, ...(signal ? [signal] : [])]);
      await this.untilEnded(jobId, seconds, over);
    }
    leave?.();
    if (refused.signal.aborted) return undefined;
    const job = await this.reads.load(jobId);
    if (!job) throw new DomainError('job_not_found', `There is no job "${jobId}" any more`);
    return job;
  }

  private async untilEnded(jobId: string, seconds: number, over: AbortSignal): Promise<void> {
    this.waiters += 1;
    const ended = Promise.withResolvers<void>();
    const unwatch = this.watch.watch(jobId, {
      onChange: (job) => {
        if (!job || isFinal(job.status)) ended.resolve();
      },
      onStop: ended.resolve,
    });
    const timer = setTimeout(ended.resolve, seconds * 1000);
    over.addEventListener('abort', () => ended.resolve());
    if (over.aborted) ended.resolve();
    await ended.promise;
    clearTimeout(timer);
    unwatch();
    this.waiters -= 1;
  }

  private async read(ids: readonly string[]): Promise<(Job | undefined)[]> {
    const jobs = await this.jobs.findBy({ id: In([...new Set(ids)]) });
    const byId = new Map(jobs.map((job) => [job.id, job]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  }
}
