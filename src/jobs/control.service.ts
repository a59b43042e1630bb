import { Injectable } from '@nestjs/common';
import { isBoundToQueues, refuseQueue } from '../auth/index.js';
import { DomainError, invalid, isUuid } from '../common/index.js';
import { parseMoment } from '../common/http/index.js';
import {
  type Job,
  type JobChanges,
  type JobType,
  JobTypeCatalog,
  type Managed,
  QueueService,
  Redactions,
  jobWitness,
} from '../queue/index.js';
import { checkPayload } from './check-payload.js';
import type { EditJobRequest } from './edit-job.dto.js';
import { JobsQuery } from './jobs.query.js';
import { QueueBounds } from './queue-bounds.js';

/** Intervenes in the life of one job, or says why that cannot be. */
@Injectable()
export class ControlService {
  constructor(
    private readonly queue: QueueService,
    private readonly types: JobTypeCatalog,
    private readonly jobs: JobsQuery,
    private readonly bounds: QueueBounds,
    private readonly redactions: Redactions,
  ) {}

  /** @throws DomainError job_not_found, job_state_conflict */
  async cancel(id: string, actor: string): Promise<{ job: Job; isRunning: boolean }> {
    await this.refuseForeign(id);
    const managed = await one(id, (ids) => this.queue.cancel(ids, actor, jobWitness('job.cancel')));
    return { job: managed.job, isRunning: managed.result === 'requested' };
  }

  /** @throws DomainError job_not_found, job_state_conflict, job_already_exists, dependency_failed */
  async retry(id: string, actor: string): Promise<Job> {
    await this.refuseForeign(id);
    return (await one(id, (ids) => this.queue.retry(ids, actor, jobWitness('job.retry')))).job;
  }

  /** @throws DomainError job_not_found, job_state_conflict */
  async runNow(id: string, actor: string): Promise<Job> {
    await this.refuseForeign(id);
    return (await one(id, (ids) => this.queue.runNow(ids, actor, jobWitness('job.run_now')))).job;
  }

  /** @throws DomainError job_not_found, job_state_conflict, validation_failed */
  async edit(id: string, request: EditJobRequest, actor: string): Promise<Job> {
    const changes = changesOf(request);
    const job = await this.jobs.get(id);
    if (changes.queue !== undefined) refuseQueue(changes.queue);
    const type = await this.types.find(job.type);
    if (type) refuseInternal(type);
    if (changes.payload) await this.redactions.refuseShown(job.type, changes.payload, '/payload');
    if (changes.payload && type) await this.bounds.refuseReading(type, changes.payload);
    if (changes.payload && type) await checkPayload(type, changes.payload, '/payload');
    const witness = jobWitness('job.edit');
    return (await one(id, (ids) => this.queue.edit(ids, changes, actor, witness))).job;
  }

  /** Most callers may do it everywhere, and nothing needs to be read for them. */
  private async refuseForeign(id: string): Promise<void> {
    if (!isBoundToQueues()) return;
    const job = await this.jobs.get(id);
    const type = await this.types.find(job.type);
    if (type) refuseInternal(type);
  }
}

/** What the service does for itself, such as a bulk operation, may be about any queue, whatever queue it waits in. */
function refuseInternal({ isInternal }: JobType): void {
  if (isInternal) refuseQueue(undefined);
}

async function one(
  id: string,
  intervene: (ids: string[]) => Promise<Managed[]>,
): Promise<Managed & { job: Job }> {
  const [managed] = isUuid(id) ? await intervene([id.toLowerCase()]) : [];
  const job = managed?.job;
  if (!managed || !job) throw new DomainError('job_not_found', `There is no job "${id}"`);
  if (managed.result !== 'conflict') return { ...managed, job };
  throw new DomainError(managed.code ?? 'job_state_conflict', managed.detail ?? '', {
    members: { job_id: job.id, job_status: job.status },
  });
}

function changesOf({ priority, queue, payload, scheduled_at }: EditJobRequest): JobChanges {
  const scheduledAt = scheduled_at === undefined ? undefined : parseMoment(scheduled_at);
  const changes = Object.entries({ priority, queue, payload, scheduledAt }).filter(
    ([, value]) => value !== undefined,
  );
  if (changes.length > 0) return Object.fromEntries(changes);
  const detail = 'Name what is to change: priority, scheduled_at, payload or queue';
  throw invalid('validation_failed', [{ pointer: '', detail, code: 'nothing_to_change' }]);
}
