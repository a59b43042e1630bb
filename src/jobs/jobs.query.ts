import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { refuseJob } from '../auth/index.js';
import { DomainError, isUuid } from '../common/index.js';
import { Job } from '../queue/index.js';
import type { JobProgress } from './job.response.js';

/** What the latest attempts of jobs ($1) said last of how far they have come. */
const SELECT_PROGRESS = `
  SELECT job_id AS "jobId", attempt, percent, message, at FROM job_progress WHERE job_id = ANY($1)`;

/** Reads jobs. */
@Injectable()
export class JobsQuery {
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>) {}

  /** @throws DomainError job_not_found, also when the id cannot be one, or the caller may not know of it; forbidden */
  async get(id: string): Promise<Job> {
    const job = isUuid(id) ? await this.jobs.findOneBy({ id }) : null;
    const missing = () => new DomainError('job_not_found', `There is no job "${id}"`);
    if (!job) throw missing();
    refuseJob(job.queue, missing);
    return job;
  }

  /** How far jobs have come, by their id; without those whose latest attempt has said nothing. */
  async progressOf(jobs: readonly Job[]): Promise<Map<string, JobProgress>> {
    const attempts = new Map(jobs.filter((job) => job.attempts > 0).map((job) => [job.id, job.attempts]));
    if (attempts.size === 0) return new Map();
    const rows = await this.jobs.query<JobProgress[]>(SELECT_PROGRESS, [[...attempts.keys()]]);
    return new Map(
      rows.filter((row) => attempts.get(row.jobId) === row.attempt).map((row) => [row.jobId, row]),
    );
  }
}
