import { Counts, Decimal, Integer, ListOf, Nested, Text } from '../common/http/index.js';
import type { FailedJob } from './admin-stats.query.js';
import type { Breakdown } from './breakdown.js';
import { QueueDurationsResponse } from './durations.response.js';
import { ThroughputsResponse } from './throughput.response.js';

const LARGEST_NUMBER = 2_147_483_647;

/** A job that failed for good. */
export class FailureResponse {
  @Text({
    description: 'Its id.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Text({ description: 'What kind of job it was.', maxLength: 200, example: 'fetch_and_cache_joke' })
  type: string;

  @Text({
    description: "The last failure's message.",
    maxLength: 5000,
    nullable: true,
    example: 'The joke API did not answer within 10 s',
  })
  error: string | null;

  @Integer({ description: 'Executions it had.', min: 0, max: LARGEST_NUMBER, example: 5 })
  attempts: number;

  @Text({
    description: 'When it failed for good.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-01T14:30:00.000Z',
  })
  failed_at: string;
}

/** How the queue is doing. */
export class AdminStatsResponse {
  @Counts({
    description: 'Jobs by status; every status is there.',
    example: { BLOCKED: 0, PENDING: 3, PROCESSING: 2, COMPLETED: 120, FAILED: 1, CANCELLED: 0 },
  })
  status_breakdown: Breakdown;

  @Counts({ description: 'Jobs by type.', example: { echo: 100, fetch_and_cache_joke: 26 } })
  type_breakdown: Breakdown;

  @Decimal({
    description: 'Executions that jobs had before they failed for good; 0 when none did.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 4.5,
  })
  avg_attempts_for_failed_jobs: number;

  @ListOf({ description: 'The latest ten, the newest first.', of: FailureResponse })
  recent_failures: FailureResponse[];

  @Nested({
    description:
      'Jobs accepted and ended of late, also those that are deleted by now. A span ends and begins to ten seconds.',
    of: ThroughputsResponse,
  })
  throughput: ThroughputsResponse;

  @Integer({
    description:
      'Workers that live and have free slots, and have not been able to take jobs for CANARY_TIMEOUT; `GET /workers` names them.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 0,
  })
  workers_taking_nothing: number;

  @ListOf({
    description:
      'How long jobs take, by queue: over the jobs that completed or failed in the last hour, at most the latest ' +
      '1,000 of each queue. A job of several executions counts with its last one. Queues without such jobs are left out.',
    of: QueueDurationsResponse,
  })
  queues: QueueDurationsResponse[];
}

/** The failure as it leaves. */
export function toFailureResponse({ id, type, error, attempts, failedAt }: FailedJob): FailureResponse {
  return { job_id: id, type, error, attempts, failed_at: failedAt.toISOString() };
}
