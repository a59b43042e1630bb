import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isBoundToQueues, maySee, refuseJob } from '../auth/index.js';
import { DomainError, isUuid } from '../common/index.js';
import { type Enqueued, type JobType, type JsonObject, type NewJob, QueueService } from '../queue/index.js';

/** In which queues jobs are. */
const SELECT_QUEUES = `SELECT DISTINCT queue FROM jobs WHERE id = ANY($1)`;

/** Sees to it that whoever may do something in some queues only reaches no job of another by what is submitted. */
@Injectable()
export class QueueBounds {
  constructor(
    private readonly queue: QueueService,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /**
   * Accepts jobs, all of them or none, where a transaction is brought exactly when that commits. A job of a queue that is
   * not the caller's does not answer for one of them.
   * @throws DomainError as the queue; forbidden
   */
  async enqueue(
    jobs: readonly NewJob[],
    { manager }: { readonly manager?: EntityManager } = {},
  ): Promise<Enqueued[]> {
    if (!isBoundToQueues()) return this.queue.enqueue(jobs, manager ? { manager } : {});
    const accept = async (within: EntityManager) => {
      const all = await this.queue.enqueue(jobs, { manager: within });
      for (const { job } of all) refuseJob(job.queue, taken);
      return all;
    };
    return this.hiding(() => (manager ? accept(manager) : this.source.transaction(accept)));
  }

  /**
   * Does what may fail because another job holds a unique key, and says no more of that job than its caller may know.
   * @throws DomainError as `work`; forbidden
   */
  async hiding<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isBoundToQueues() && error instanceof DomainError && error.code === 'job_already_exists') {
        const id = error.options.members?.existing_job_id;
        if (!(await this.maySeeAll([id]))) throw taken();
      }
      throw error;
    }
  }

  /**
   * Refuses a payload whose handler would read the results or artifacts of jobs that the caller may not see.
   * @throws DomainError forbidden
   */
  async refuseReading(type: JobType, payload: JsonObject): Promise<void> {
    if (!type.jobsRead || !isBoundToQueues()) return;
    if (await this.maySeeAll(type.jobsRead(payload))) return;
    throw new DomainError(
      'forbidden',
      'The payload names a job whose results this API key or token may not read: it needs the scope jobs:read in its queue',
    );
  }

  private async maySeeAll(jobs: readonly unknown[]): Promise<boolean> {
    const ids = jobs.filter((id) => typeof id === 'string' && isUuid(id));
    if (ids.length === 0) return true;
    const rows = await this.source.query<{ queue: string }[]>(SELECT_QUEUES, [ids]);
    return rows.every(({ queue }) => maySee(queue));
  }
}

function taken(): DomainError {
  return new DomainError(
    'forbidden',
    'Another job holds this unique key, and this API key or token may not know of it: choose another key',
  );
}
