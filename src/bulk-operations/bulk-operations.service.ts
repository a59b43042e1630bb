import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAction } from '../audit-record/index.js';
import { DomainError, IdGenerator, invalid } from '../common/index.js';
import { Postgres, sessionOf } from '../database/index.js';
import { QueueService } from '../queue/index.js';
import { BULK_OPERATION_TYPE } from './bulk-operation.handler.js';
import { type BulkOperationWithJob, stateOf } from './bulk-operation.js';
import { BulkOperationsQuery } from './bulk-operations.query.js';
import { INSERT_OPERATION } from './bulk-operations.sql.js';
import { SAMPLE } from './bulk-runner.js';
import type { CreateBulkOperationRequest } from './create-bulk-operation.dto.js';
import { type JobFilter, isEmpty, resolveFilter } from './job-filter.js';
import { type Count, MatchingJobs } from './matching-jobs.query.js';

/** Whoever asks waits for the answer: past these, it is "at least". */
const MOST_COUNTED = 100_000;
const COUNT_WITHIN_MS = 1_500;

/** First in its queue: it may be there to clear that queue. */
const PRIORITY = 1;

/** What an operation would do. */
export interface DryRun extends Count {
  readonly filter: JobFilter;
  readonly sample: readonly string[];
}

/** Starts and aborts bulk operations. */
@Injectable()
export class BulkOperationsService {
  constructor(
    private readonly queue: QueueService,
    private readonly ids: IdGenerator,
    private readonly matching: MatchingJobs,
    private readonly operations: BulkOperationsQuery,
    private readonly postgres: Postgres,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /**
   * What would be done. Changes nothing and stores nothing.
   * @throws DomainError validation_failed
   */
  async dryRun(request: CreateBulkOperationRequest): Promise<DryRun> {
    const filter = filterOf(request);
    const selection = { action: request.action, filter };
    const patience = { most: MOST_COUNTED, withinMs: COUNT_WITHIN_MS };
    const count = await this.matching.count((work) => work(this.postgres), selection, patience);
    const most = Math.min(request.limit ?? SAMPLE, SAMPLE);
    const sample = count.matched === 0 ? [] : await this.matching.next(this.postgres, selection, null, most);
    return { ...count, filter, sample };
  }

  /**
   * Stores an operation together with the job that does it.
   * @throws DomainError validation_failed
   */
  async start(request: CreateBulkOperationRequest, actor: string): Promise<BulkOperationWithJob> {
    const filter = filterOf(request);
    const { action, limit = null, per_second: perSecond = null } = request;
    const id = this.ids.next();
    await this.source.transaction(async (manager) => {
      await manager.query(INSERT_OPERATION, [id, action, JSON.stringify(filter), limit, perSecond, actor]);
      const job = {
        id,
        type: BULK_OPERATION_TYPE,
        payload: { action },
        priority: PRIORITY,
        createdBy: actor,
      };
      await this.queue.enqueue([job], { manager });
      const after = { action, filter: withoutIds(filter), limit, per_second: perSecond };
      const { queue = null } = filter;
      const started = { action: 'bulk_operation.start', subject: id, queue, after, actor } as const;
      await recordAction(await sessionOf(manager), started);
    });
    return this.operations.get(id);
  }

  /**
   * Stops an operation within about a second; what it has done stays done.
   * @throws DomainError bulk_operation_not_found, bulk_operation_finished
   */
  async abort(id: string, actor: string): Promise<BulkOperationWithJob> {
    const operation = await this.operations.get(id);
    refuseEnded(operation);
    await this.queue.cancel([operation.id], actor, async (session, [managed]) => {
      if (managed?.result === 'conflict') return;
      await recordAction(session, { action: 'bulk_operation.abort', subject: operation.id, actor });
    });
    const after = await this.operations.get(id);
    if (stateOf(after) === 'completed') refuseEnded(after);
    return after;
  }
}

function refuseEnded(operation: BulkOperationWithJob): void {
  const state = stateOf(operation);
  if (state === 'queued' || state === 'running') return;
  throw new DomainError('bulk_operation_finished', `The bulk operation has ended: it is ${state}`, {
    members: { operation_id: operation.id, state },
  });
}

/** A long list of jobs is told by its length. */
function withoutIds({ job_ids: ids, ...filter }: JobFilter): object {
  return ids === undefined ? filter : { ...filter, job_ids: ids.length };
}

function filterOf({ action, filter = {}, all = false }: CreateBulkOperationRequest): JobFilter {
  if (!all && isEmpty(filter)) {
    const detail = `Say in filter which jobs to ${action.replace('_', ' ')}, or "all": true for all of them`;
    throw invalid('validation_failed', [{ pointer: '/filter', detail, code: 'empty_filter' }]);
  }
  return resolveFilter(action, filter);
}
