import { Injectable } from '@nestjs/common';
import { currentActor, invalid } from '../../common/index.js';
import { toValid } from '../../common/http/index.js';
import { type NewWorkflow, type StartedWorkflow, type WorkflowJob, Workflows } from '../../queue/index.js';
import { CreateJobRequest } from '../create-job.dto.js';
import type { FinisherRequest } from '../finisher.dto.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { JobsService } from '../jobs.service.js';
import { QueueBounds } from '../queue-bounds.js';
import { faultsAt, readEach } from '../read-each.js';
import { requestFingerprint } from '../submission.js';
import type { UniqueRequest } from '../unique.dto.js';
import type { GroupRequest } from './group.dto.js';

/** What the jobs of a group, or of a workflow, have in common. */
export interface Envelope {
  readonly group: Pick<GroupRequest, 'name' | 'tags' | 'callback_url'>;
  /** Where it stands in the request, as a JSON pointer. */
  readonly at?: string;
  /** What follows the end of all of them. */
  readonly finisher?: FinisherRequest | undefined;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey?: string | undefined;
  /** All that was asked for: another request under the same key is refused. */
  readonly request: object;
}

/** Accepts jobs that belong together. */
@Injectable()
export class JobGroups {
  constructor(
    private readonly jobs: JobsService,
    private readonly workflows: Workflows,
    private readonly bounds: QueueBounds,
  ) {}

  /**
   * Accepts all of these jobs as one group, or none.
   * @param bodies what stands in the caller's list, not checked yet
   * @throws DomainError as a batch
   */
  async start(bodies: readonly unknown[], envelope: Envelope): Promise<StartedWorkflow> {
    const jobs = await readEach(bodies, (body, at, index) => this.readMember(body, at, index));
    const group = { ...(await this.commonOf(envelope)), kind: 'group' as const, jobs, heedsQuota: true };
    return this.bounds.hiding(() => this.workflows.start(group));
  }

  /**
   * What the envelope says of a workflow.
   * @throws DomainError validation_failed, unknown_job_type
   */
  async commonOf({
    group: { name, tags, callback_url: callbackUrl },
    at = '',
    finisher,
    idempotencyKey,
    request,
  }: Envelope): Promise<Omit<NewWorkflow, 'jobs'>> {
    const key = idempotencyKeyOf(undefined, idempotencyKey);
    return {
      createdBy: currentActor(),
      at,
      ...(name === undefined ? {} : { name }),
      ...(tags === undefined ? {} : { tags }),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
      ...(finisher === undefined ? {} : { onFinished: await this.readFinisher(finisher, at) }),
      ...(key === undefined ? {} : { idempotency: { key, fingerprint: requestFingerprint(request) } }),
    };
  }

  private async readFinisher(
    finisher: FinisherRequest,
    at: string,
  ): Promise<NonNullable<NewWorkflow['onFinished']>> {
    try {
      return await this.jobs.read(finisher, {});
    } catch (error) {
      throw invalid('validation_failed', faultsAt(`${at}/on_finished`, error));
    }
  }

  private async readMember(body: unknown, at: string, index: number): Promise<WorkflowJob> {
    this.jobs.refuseLarge(body);
    const request = await toValid(CreateJobRequest, body);
    if (request.idempotency_key !== undefined) {
      const detail =
        'A job of a group has no idempotency key of its own: give the whole request the header Idempotency-Key';
      throw invalid('validation_failed', [{ pointer: '/idempotency_key', detail, code: 'contradiction' }]);
    }
    refuseAnswering(request.unique);
    return { ...(await this.jobs.read(request, { at })), ref: String(index) };
  }
}

/**
 * No other job can answer for one that belongs with others, nor be replaced by it.
 * @throws DomainError validation_failed
 */
export function refuseAnswering(unique: UniqueRequest | null | undefined): void {
  const word = unique?.on_conflict ?? 'reject';
  if (word === 'reject') return;
  const detail = `unique.on_conflict cannot be "${word}" here, since no other job can answer for this one: leave it out, and a taken key refuses the request`;
  throw invalid('validation_failed', [{ pointer: '/unique/on_conflict', detail, code: 'contradiction' }]);
}
