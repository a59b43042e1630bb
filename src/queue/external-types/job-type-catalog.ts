import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import { type JobType, JobTypes } from '../job-types.js';
import { ExternalTypes } from './external-types.js';

/** Every type that jobs are submitted under: those of this build's handlers, and those that were declared over HTTP. */
@Injectable()
export class JobTypeCatalog {
  constructor(
    private readonly own: JobTypes,
    private readonly external: ExternalTypes,
  ) {}

  /** The type of this name or alias, or undefined. The database is asked for names that no handler of this build has. */
  async find(name: string): Promise<JobType | undefined> {
    return this.own.find(name) ?? (await this.external.find(name));
  }

  /** @throws DomainError unknown_job_type, naming the nearest */
  async get(name: string): Promise<JobType> {
    return (await this.find(name)) ?? this.own.get(name, await this.external.names());
  }

  /** Each of the jobs with its type. @throws DomainError unknown_job_type */
  async withTypes<T extends { readonly type: string }>(
    jobs: readonly T[],
  ): Promise<{ job: T; type: JobType }[]> {
    const pairs: { job: T; type: JobType }[] = [];
    for (const job of jobs) pairs.push({ job, type: this.own.find(job.type) ?? (await this.get(job.type)) });
    return pairs;
  }

  /** Every type once, by name. */
  async all(): Promise<JobType[]> {
    const own = this.own.all();
    const external = (await this.external.all()).filter(({ type }) => !this.own.find(type));
    return [...own, ...external].sort((a, b) => a.type.localeCompare(b.type));
  }

  /** The names of those that were declared. */
  externalNames(): Promise<string[]> {
    return this.external.names();
  }

  /** Keeps the declared types of these jobs from being removed before the transaction has stored the jobs. */
  hold(session: Session, jobs: readonly ResolvedJob[]): Promise<void> {
    return this.external.hold(session, jobs);
  }
}
