import { Injectable } from '@nestjs/common';
import { SharedLook } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import { type ResolvedJob, faultOf } from '../enqueue/new-job.js';
import { SELECT_FORGETFUL_QUEUES } from './retention.sql.js';

/** How long (ms) the settings of queues are believed: a change is heeded everywhere within a second. */
const FRESH_MS = 1_000;

/** Queues whose completed jobs leave at once (`retention: none`): nobody can ask for those afterwards. */
@Injectable()
export class ForgetfulQueues {
  private readonly looks = new SharedLook(
    () => this.look(),
    () => FRESH_MS,
  );

  constructor(private readonly postgres: Postgres) {}

  names(): Promise<ReadonlySet<string>> {
    return this.looks.read();
  }

  /**
   * Refuses what cannot be kept where nothing is kept.
   * @throws DomainError validation_failed for a job of such a queue with a key or with dependencies
   */
  async refuseTies(jobs: readonly ResolvedJob[]): Promise<void> {
    const tied = jobs.flatMap((job) => {
      const tie = tieOf(job);
      return tie ? [{ job, tie }] : [];
    });
    if (tied.length === 0) return;
    const names = await this.names();
    const wrong = tied.find(({ job }) => names.has(job.queue));
    if (wrong) throw refusal(wrong.job, wrong.tie.path, wrong.tie.what);
  }

  /** @throws DomainError validation_failed when a caller wants to wait for a job of such a queue */
  async refuseWaiting(queue: string): Promise<void> {
    if ((await this.names()).has(queue)) throw refusal({ queue, at: '' }, '', 'Prefer: wait');
  }

  private async look(): Promise<ReadonlySet<string>> {
    const { rows } = await this.postgres.query<{ name: string }>(SELECT_FORGETFUL_QUEUES);
    return new Set(rows.map(({ name }) => name));
  }
}

function tieOf(job: ResolvedJob): { path: string; what: string } | undefined {
  if (job.idempotency_key !== null) return { path: '/idempotency_key', what: 'An idempotency key' };
  if (job.unique_key !== null) return { path: '/unique', what: 'A unique key' };
  if (job.workflow_ref !== null) return { path: '/queue', what: 'A job of a workflow' };
  if (job.depends_on.length > 0) return { path: '/depends_on', what: 'A dependency' };
  return undefined;
}

function refusal({ queue, at }: Pick<ResolvedJob, 'queue' | 'at'>, path: string, what: string) {
  const detail = `${what} is not possible in queue "${queue}", whose finished jobs are not kept: leave it out, or choose another queue`;
  return faultOf({ at }, path, detail, 'nothing_is_kept');
}
