import { Injectable } from '@nestjs/common';
import { refuseQueue } from '../auth/index.js';
import { type Fault, invalid, didYouMean } from '../common/index.js';
import { ExternalTypes, JobTypes } from '../queue/index.js';
import { idOfExternalWorker } from './external-worker.js';
import { LeaseClaims } from './lease-claims.js';
import { LeaseDesk } from './lease-desk.js';
import type { LeaseJobsRequest } from './lease-jobs.dto.js';
import { type LeaseResponse, toLeaseResponse } from './lease.response.js';
import { LeaseTokens } from './lease-tokens.js';

const DEFAULT_LEASE_SECONDS = 60;

/** A User-Agent, as far as anybody wants to read it. */
const LONGEST_AGENT = 100;

/** Decides what a request for jobs means, and gives back what its caller did not wait for. */
@Injectable()
export class LeasesService {
  constructor(
    private readonly desk: LeaseDesk,
    private readonly claims: LeaseClaims,
    private readonly tokens: LeaseTokens,
    private readonly types: ExternalTypes,
    private readonly ownTypes: JobTypes,
  ) {}

  /**
   * @param gone fires when the caller went before it had the answer
   * @throws DomainError unknown_job_type, too_many_polls, forbidden
   */
  async take(request: LeaseJobsRequest, agent: string, gone: AbortSignal): Promise<LeaseResponse[]> {
    const { queues, types, max = 1, wait = 0, worker_id: name, lease_seconds: seconds } = request;
    for (const queue of queues) refuseQueue(queue);
    await this.refuseUnknown(types ?? []);
    const worker = {
      id: idOfExternalWorker(name),
      name,
      agent: agent.slice(0, LONGEST_AGENT).toWellFormed(),
      queues: [...new Set(queues)],
      max,
      ...(types ? { types: [...new Set(types)] } : {}),
    };
    const wish = { worker, seconds: seconds ?? DEFAULT_LEASE_SECONDS, waitMs: wait * 1000 };
    const leased = await this.desk.take(wish, gone);
    gone.addEventListener('abort', () => void this.claims.giveBack(leased));
    try {
      const tokens = await this.tokens.make(
        leased.map(({ job }) => ({ jobId: job.id, attempt: job.attempts, seconds: wish.seconds })),
      );
      return leased.map((lease, index) => toLeaseResponse(lease, tokens[index] ?? ''));
    } catch (error) {
      await this.claims.giveBack(leased);
      throw error;
    }
  }

  /** Types that handlers run are none that may be leased: a job must not depend on who is faster. */
  private async refuseUnknown(types: readonly string[]): Promise<void> {
    const faults: Fault[] = [];
    for (const [index, type] of types.entries()) {
      if (await this.types.find(type)) continue;
      const detail = this.ownTypes.find(type)
        ? `Jobs of the type "${type}" are run by our own workers (npm run start:worker): lease types that were declared with PUT /job-types/{type}.`
        : `No job type "${type}" is declared for external workers.${await this.hintFor(type)}`;
      faults.push({ pointer: `/types/${index}`, detail, code: 'unknown_job_type' });
    }
    if (faults.length > 0) throw invalid('unknown_job_type', faults);
  }

  private async hintFor(type: string): Promise<string> {
    return didYouMean(type, await this.types.names()) || ' Declare it with PUT /job-types/{type}.';
  }
}
