import { Choice, Integer, JsonObjectField, ListOf, Nested, Text, Truth } from '../common/http/index.js';
import { JOB_STATUSES, type JobStatus, type JsonObject } from '../queue/index.js';
import { LONGEST_TIMEOUT_SECONDS, type LeasedJob } from './lease-claims.js';
import type { EndedLease, Prolonged } from './leased-attempts.js';

const id = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;
const attempt = {
  description: 'This execution, from 1 on.',
  min: 1,
  max: 2_147_483_647,
  example: 1,
} as const;

/** A job, as far as whoever runs it needs to know it; `GET /jobs/{id}` has the rest. */
export class LeasedJobResponse {
  @Text({ description: 'UUIDv7; send it along as Idempotency-Key to whoever knows such keys.', ...id })
  job_id: string;

  @Text({ description: 'What kind of job it is.', maxLength: 200, example: 'resize_image' })
  type: string;

  @Text({ description: 'The queue it came from.', maxLength: 63, example: 'images' })
  queue_name: string;

  @Integer({ description: '1 (first) to 10 (last).', min: 1, max: 10, example: 5 })
  priority: number;

  @Integer({
    description: 'The limit of executions; null = none.',
    min: 1,
    max: 2_147_483_647,
    nullable: true,
    example: 3,
  })
  max_attempts: number | null;

  @Text({ description: 'When it was accepted.', ...time })
  created_at: string;

  @JsonObjectField({
    description: 'What is to be done.',
    example: { url: 'https://example.org/a.png', width: 640 },
  })
  payload: JsonObject;
}

/** A job to be run, and the right to say how that ends. */
export class LeaseResponse {
  @Text({
    description: 'Names the lease in all further requests. A secret: whoever has it can end the attempt.',
    maxLength: 100,
    example: 'rhl_AZOcXnpwfz6PDCtvPB2aVQAAAAEAPKr5JkZpP0cTq1h5wN0b2dU',
  })
  lease_token: string;

  @Text({ description: 'Without a heartbeat before, the job runs again elsewhere.', ...time })
  lease_expires_at: string;

  @Integer(attempt)
  attempt: number;

  @Integer({
    description: 'Seconds the attempt may take in all, heartbeats or not.',
    min: 1,
    max: 86_400,
    example: 300,
  })
  timeout: number;

  @Text({
    description:
      'The trace that the job is of (W3C Trace Context): the parent of your spans. Null = nobody traced its submission.',
    maxLength: 55,
    nullable: true,
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  })
  traceparent: string | null;

  @Nested({ description: 'The job.', of: LeasedJobResponse })
  job: LeasedJobResponse;
}

/** Jobs to be run. */
export class LeaseListResponse {
  @ListOf({ description: 'In the order they are to start; empty when none came in time.', of: LeaseResponse })
  leases: LeaseResponse[];
}

/** What a heartbeat is told. */
export class HeartbeatResponse {
  @Text({ description: 'Until when the job is held now; its timeout bounds it.', ...time })
  lease_expires_at: string;

  @Truth({
    description: 'Somebody cancels the job: end the work, and the lease. It is not prolonged any more.',
    example: false,
  })
  cancel_requested: boolean;
}

/** How an attempt has ended. */
export class EndedLeaseResponse {
  @Text({ description: 'The id of the job.', ...id })
  job_id: string;

  @Integer(attempt)
  attempt: number;

  @Choice({
    description:
      'How the attempt ended: `cancelled`, whatever was sent, when somebody has cancelled the job.',
    choices: ['completed', 'failed', 'released', 'snoozed', 'cancelled'],
    example: 'completed',
  })
  outcome: string;

  @Choice({ description: 'Where the job is in its life.', choices: JOB_STATUSES, example: 'COMPLETED' })
  job_status: JobStatus;
}

export function toLeaseResponse({ job, expiresAt }: LeasedJob, token: string): LeaseResponse {
  return {
    lease_token: token,
    lease_expires_at: expiresAt.toISOString(),
    attempt: job.attempts,
    timeout: job.timeout ?? LONGEST_TIMEOUT_SECONDS,
    traceparent: job.traceParent,
    job: {
      job_id: job.id,
      type: job.type,
      queue_name: job.queue,
      priority: job.priority,
      max_attempts: job.maxAttempts,
      created_at: job.createdAt.toISOString(),
      payload: job.payload,
    },
  };
}

export function toHeartbeatResponse({ expiresAt, isToBeCancelled }: Prolonged): HeartbeatResponse {
  return { lease_expires_at: expiresAt.toISOString(), cancel_requested: isToBeCancelled };
}

export function toEndedLeaseResponse({
  jobId,
  attempt: number,
  outcome,
  status,
}: EndedLease): EndedLeaseResponse {
  return { job_id: jobId, attempt: number, outcome, job_status: status };
}
