import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { refuseJob, refuseQueue } from '../auth/index.js';
import { DomainError, isUuid } from '../common/index.js';
import { Job, type JobStatus, JobTypes, QueueService, jobWitness } from '../queue/index.js';

/** What may be thrown away: nothing that succeeded, waits or runs. */
const DISCARDABLE: readonly JobStatus[] = ['FAILED', 'CANCELLED'];

/** Throws dead letters away. */
@Injectable()
export class DeadLettersService {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly queue: QueueService,
    private readonly types: JobTypes,
    @InjectRepository(Job) private readonly jobs: Repository<Job>,
  ) {}

  /**
   * Deletes a failed or cancelled job with its history.
   * @throws DomainError job_not_found, job_state_conflict, forbidden
   */
  async discard(id: string, actor: string): Promise<void> {
    const job = isUuid(id) ? await this.jobs.findOneBy({ id }) : null;
    if (!job) throw notFound(id);
    refuseJob(job.queue, () => notFound(id));
    if (this.types.find(job.type)?.isInternal) refuseQueue(undefined);
    if (!DISCARDABLE.includes(job.status)) throw conflict(job);
    const [managed] = await this.queue.discard([job.id], jobWitness('job.discard'));
    if (managed?.result === 'done') this.logger.log(`Job ${job.id}: discarded by ${actor}`);
    else if (managed?.result === 'conflict') throw conflict(managed.job ?? job);
    else throw notFound(id);
  }
}

function notFound(id: string): DomainError {
  return new DomainError('job_not_found', `There is no job "${id}"`);
}

function conflict({ id, status }: Job): DomainError {
  const detail = `The job is ${status}, and only FAILED or CANCELLED jobs can be discarded: cancel it first, or let it end`;
  return new DomainError('job_state_conflict', detail, { members: { job_id: id, job_status: status } });
}
