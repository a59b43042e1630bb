import {
  ListOf,
  Moment,
  Nested,
  NextCursor,
  PageCursor,
  PageSize,
  Text,
  Truth,
} from '../common/http/index.js';
import { AttemptErrorResponse, JobResponse, toJobResponse } from '../jobs/index.js';
import type { Job, Shown } from '../queue/index.js';

/** Which dead letters to list, and where to go on. */
export class ListDeadLettersRequest {
  @Text({
    description: 'Only jobs of this type.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    example: 'echo',
  })
  type?: string;

  @Text({
    description: 'Only jobs of this queue.',
    minLength: 1,
    maxLength: 63,
    optional: true,
    example: 'default',
  })
  queue?: string;

  @Text({
    description: 'Only jobs that failed alike.',
    minLength: 1,
    maxLength: 64,
    optional: true,
    example: '9f86d081884c7d65',
  })
  fingerprint?: string;

  @Moment({
    description: 'Only jobs that failed at this time or later.',
    optional: true,
    example: '2026-02-01T00:00:00Z',
  })
  failed_after?: string;

  @Moment({
    description: 'Only jobs that failed before this time.',
    optional: true,
    example: '2030-02-01T00:00:00Z',
  })
  failed_before?: string;

  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** A job that failed for good. */
export class DeadLetterResponse extends JobResponse {
  @Text({
    description: 'Equal for jobs that failed alike; null when the job was set to FAILED by hand.',
    maxLength: 64,
    nullable: true,
    example: '9f86d081884c7d65',
  })
  fingerprint: string | null;

  @Nested({ description: 'What was thrown last.', of: AttemptErrorResponse, nullable: true })
  error: AttemptErrorResponse | null;

  @Text({
    description: 'When it failed for good.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-01T14:30:00.000Z',
  })
  failed_at: string;
}

/** A page of dead letters, the latest failure first. */
export class DeadLetterListResponse {
  @ListOf({ description: 'The latest failure first.', of: DeadLetterResponse })
  dead_letters: DeadLetterResponse[];

  @NextCursor()
  next_cursor: string | null;

  @Truth({
    description: 'True: so many do not fit the filter that the search was cut short; `next_cursor` goes on.',
    example: false,
  })
  incomplete: boolean;
}

/** A failed job as it leaves. */
export function toDeadLetterResponse(job: Shown<Job>): DeadLetterResponse {
  return Object.assign(toJobResponse(job), {
    fingerprint: job.errorFingerprint,
    error: job.lastError,
    // Whoever sets a job to FAILED by hand may forget the time.
    failed_at: (job.finishedAt ?? job.updatedAt).toISOString(),
  });
}
