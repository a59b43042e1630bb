import { Choice, Decimal, Integer, Nested, Truth } from '../common/http/index.js';
import { BULK_ACTIONS, type BulkAction } from './bulk-action.js';
import { FailureFilterRequest, JobFilterRequest } from './job-filter.dto.js';

function Flag(description: string): PropertyDecorator {
  return Truth({ description, optional: true, default: false });
}

/** How an operation goes about its work. */
class BulkManner {
  @Flag('Only count the jobs and show some of them; nothing is changed.')
  dry_run?: boolean;

  @Integer({
    description: 'No more jobs than these, the oldest ones. Default: all that match.',
    min: 1,
    max: 2_147_483_647,
    optional: true,
    example: 1000,
  })
  limit?: number;

  @Decimal({
    description: 'In no second more jobs than these. Default: as fast as possible.',
    min: 0.01,
    max: 10_000,
    optional: true,
    example: 50,
  })
  per_second?: number;
}

/** What is to be done to which jobs. */
export class CreateBulkOperationRequest extends BulkManner {
  @Choice({
    description:
      'cancel: waiting and running jobs. retry: failed or cancelled ones. run_now: those that wait for their time. discard: deletes finished ones.',
    choices: BULK_ACTIONS,
    example: 'retry',
  })
  action: BulkAction;

  @Nested({
    description:
      'Which jobs: those that fit every field given. Without a status, those the action is usually for.',
    of: JobFilterRequest,
    optional: true,
  })
  filter?: JobFilterRequest;

  @Flag('Without any filter, all jobs are meant only when this says so.')
  all?: boolean;
}

/** Which dead letters are to run again. */
export class RedriveRequest extends BulkManner {
  @Nested({
    description: 'Which dead letters: those that fit every field given. Default: all of them.',
    of: FailureFilterRequest,
    optional: true,
  })
  filter?: FailureFilterRequest;
}
