import { Choice } from '../common/http/index.js';
import { type JobContext, JobHandler, PermanentFailure } from '../worker/index.js';
import { BULK_ACTIONS, type BulkAction } from './bulk-action.js';
import { BulkOperationsStore } from './bulk-operations.store.js';
import { BulkRunner } from './bulk-runner.js';

/** The type of the jobs that do the work of bulk operations. */
export const BULK_OPERATION_TYPE = 'bulk_operation';

/** For those who read the job: the operation itself stands in bulk_operations, under the job's id. */
export class BulkOperationPayload {
  @Choice({ description: 'What is done to the jobs.', choices: BULK_ACTIONS, example: 'cancel' })
  action: BulkAction;
}

/** Does the work of a bulk operation. */
@JobHandler({
  type: BULK_OPERATION_TYPE,
  description: 'Does the work of a bulk operation. Submitted by POST /bulk-operations and of no use by hand.',
  isInternal: true,
  payload: BulkOperationPayload,
  example: { action: 'cancel' },
  // An operation goes on where it was, however often it is interrupted; what it meets has mostly to do with the database.
  policy: ({ jobs }) => ({
    maxAttempts: 100,
    backoff: { strategy: 'exponential', baseDelay: 1, maxDelay: 30, jitter: jobs.jitter },
    timeoutSeconds: 86_400,
  }),
})
export class BulkOperationHandler {
  constructor(
    private readonly store: BulkOperationsStore,
    private readonly runner: BulkRunner,
  ) {}

  async run(job: JobContext<BulkOperationPayload>): Promise<object> {
    const operation = await this.store.begin(job.jobId, job.attempt);
    if (!operation) {
      throw new PermanentFailure(
        `There is no bulk operation ${job.jobId}: start one by POST /bulk-operations`,
      );
    }
    const { done, skipped, failed } = operation.completedAt
      ? operation
      : await this.runner.run(operation, job.signal, (seen, total) =>
          job.progress(percent(seen, total), `${seen} of ${total} jobs`),
        );
    return { done, skipped, failed };
  }
}

/** There may be more jobs than were counted. */
function percent(seen: number, total: number): number {
  return total === 0 ? 100 : Math.min(100, Math.floor((100 * seen) / total));
}
