import {
  Choice,
  Decimal,
  Integer,
  JsonObjectField,
  ListOf,
  NextCursor,
  Text,
  TextList,
  Truth,
} from '../common/http/index.js';
import { BULK_ACTIONS, type BulkAction } from './bulk-action.js';
import { BULK_STATES, type BulkOperationWithJob, type BulkState, stateOf } from './bulk-operation.js';
import type { DryRun } from './bulk-operations.service.js';
import type { CreateBulkOperationRequest } from './create-bulk-operation.dto.js';

const EXAMPLE_ID = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
const MOST = 2_147_483_647;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;
const amount = { min: 0, max: MOST } as const;

/** Why jobs were left as they are. */
export class BulkErrorResponse {
  @Text({ description: 'The reason as a stable code.', maxLength: 100, example: 'job_state_conflict' })
  code: string;

  @Text({
    description: 'What it says of the first of them.',
    maxLength: 5000,
    example: 'The job is PROCESSING',
  })
  detail: string;

  @Integer({ description: 'How many jobs.', ...amount, example: 2 })
  count: number;
}

/** What an operation is for. */
class BulkAimResponse {
  @Choice({ description: 'What is done to the jobs.', choices: BULK_ACTIONS, open: true, example: 'retry' })
  action: BulkAction;

  @JsonObjectField({
    description: 'Which jobs, with the statuses that are meant.',
    example: { status: ['FAILED'], queue: 'emails' },
  })
  filter: object;

  @Integer({ description: 'No more jobs than these; null = all that match.', ...amount, nullable: true })
  limit: number | null;

  @Decimal({
    description: 'In no second more jobs than these; null = as fast as possible.',
    min: 0,
    max: 10_000,
    nullable: true,
  })
  per_second: number | null;

  @Truth({ description: 'False: `matched` is only the least it can be.', example: true })
  matched_is_exact: boolean;

  @TextList({
    description: 'Some of these jobs, the oldest ones.',
    maxItems: 10,
    maxLength: 36,
    example: [EXAMPLE_ID],
  })
  sample: string[];
}

/** What an operation would do. */
export class DryRunResponse extends BulkAimResponse {
  @Integer({ description: 'Jobs that match.', ...amount, example: 41_208 })
  matched: number;

  @Integer({ description: 'Jobs that would be changed: no more than `limit`.', ...amount, example: 1000 })
  would_change: number;
}

/** A piece of work on many jobs. */
export class BulkOperationResponse extends BulkAimResponse {
  @Text({
    description: 'UUIDv7; also the id of the job that does it.',
    maxLength: 36,
    format: 'uuid',
    example: EXAMPLE_ID,
  })
  operation_id: string;

  @Choice({ description: 'Where it is.', choices: BULK_STATES, example: 'running' })
  state: BulkState;

  @Integer({
    description: 'Jobs that matched when it began; null until counted.',
    ...amount,
    nullable: true,
    example: 41_208,
  })
  matched: number | null;

  @Integer({ description: 'Jobs changed.', ...amount, example: 1000 })
  done: number;

  @Integer({
    description: 'Jobs that were no longer what it is for when it came to them.',
    ...amount,
    example: 2,
  })
  skipped: number;

  @Integer({ description: 'Jobs that could not be changed.', ...amount, example: 0 })
  failed: number;

  @ListOf({ description: 'Why jobs were skipped or failed.', of: BulkErrorResponse })
  errors: BulkErrorResponse[];

  @Decimal({ description: 'Jobs a second so far.', min: 0, max: MOST, nullable: true, example: 49.5 })
  rate: number | null;

  @Text({ description: 'When it will be done at that rate, while it runs.', ...time, nullable: true })
  eta: string | null;

  @Truth({ description: 'Whether it is to stop.', example: false })
  abort_requested: boolean;

  @Text({ description: 'What ended it, when it failed.', maxLength: 5000, nullable: true })
  error_message: string | null;

  @Text({ description: 'When it was asked for. Jobs accepted later are left alone.', ...time })
  created_at: string;

  @Text({ description: 'Who asked for it.', maxLength: 200, example: 'anonymous' })
  created_by: string;

  @Text({ description: 'When it began.', ...time, nullable: true })
  started_at: string | null;

  @Text({ description: 'When it last got further.', ...time })
  updated_at: string;

  @Text({ description: 'When it ended.', ...time, nullable: true })
  finished_at: string | null;
}

/** A page of operations, the newest first. */
export class BulkOperationListResponse {
  @ListOf({ description: 'The newest first.', of: BulkOperationResponse })
  bulk_operations: BulkOperationResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** An operation as it leaves. */
export function toBulkOperationResponse(operation: BulkOperationWithJob): BulkOperationResponse {
  const { id, action, filter, most, perSecond, matched, matchedIsExact, sample } = operation;
  const state = stateOf(operation);
  const hasEnded = state !== 'queued' && state !== 'running';
  return {
    operation_id: id,
    action,
    state,
    filter,
    limit: most,
    per_second: perSecond,
    matched,
    matched_is_exact: matchedIsExact,
    sample: [...sample],
    done: operation.done,
    skipped: operation.skipped,
    failed: operation.failed,
    errors: Object.entries(operation.reasons).map(([code, reason]) => ({ code, ...reason })),
    rate: rateOf(operation),
    eta: state === 'running' ? etaOf(operation) : null,
    abort_requested: state === 'aborted' || (!hasEnded && operation.abortRequested === true),
    error_message: state === 'failed' ? operation.jobError : null,
    created_at: operation.createdAt.toISOString(),
    created_by: operation.createdBy,
    started_at: operation.startedAt?.toISOString() ?? null,
    updated_at: operation.updatedAt.toISOString(),
    finished_at: hasEnded ? endOf(operation).toISOString() : null,
  };
}

/** A dry run as it leaves. */
export function toDryRunResponse(request: CreateBulkOperationRequest, dryRun: DryRun): DryRunResponse {
  const { limit = null, per_second: perSecond = null } = request;
  return {
    action: request.action,
    filter: dryRun.filter,
    limit,
    per_second: perSecond,
    matched: dryRun.matched,
    matched_is_exact: dryRun.isExact,
    would_change: Math.min(dryRun.matched, limit ?? Infinity),
    sample: [...dryRun.sample],
  };
}

function endOf({ completedAt, jobFinishedAt, updatedAt }: BulkOperationWithJob): Date {
  return completedAt ?? jobFinishedAt ?? updatedAt;
}

function seen({ done, skipped, failed }: BulkOperationWithJob): number {
  return done + skipped + failed;
}

/** Jobs a second, to a tenth. */
function rateOf(operation: BulkOperationWithJob): number | null {
  const { startedAt, updatedAt } = operation;
  const ms = startedAt ? updatedAt.getTime() - startedAt.getTime() : 0;
  return ms > 0 && seen(operation) > 0 ? Math.round((seen(operation) * 10_000) / ms) / 10 : null;
}

function etaOf(operation: BulkOperationWithJob): string | null {
  const { matched, most, matchedIsExact, updatedAt } = operation;
  const rate = rateOf(operation);
  const isKnown = matchedIsExact || (most !== null && matched !== null && matched >= most);
  if (!rate || matched === null || !isKnown) return null;
  const left = Math.max(0, Math.min(matched, most ?? Infinity) - seen(operation));
  return new Date(updatedAt.getTime() + (left / rate) * 1000).toISOString();
}
