import { ValidateBy } from 'class-validator';
import { ListOf, Moment, NextCursor, PageCursor, PageSize, Text, declare } from '../common/http/index.js';
import { parseJobStatus, unknownStatus } from '../queue/index.js';
import { JobResponse } from './job.response.js';
import { Search } from './list/search.js';

/** Which jobs to list, and where to go on. */
export class ListJobsRequest {
  @declare(
    {
      description:
        'Only jobs of this status, in any case; other systems’ words (queued, running, done …) work too.',
      optional: true,
      example: 'FAILED',
    },
    { type: 'string' },
    ValidateBy({
      name: 'isJobStatus',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseJobStatus(value) !== undefined,
        defaultMessage: (context) => unknownStatus(String(context?.value)),
      },
    }),
  )
  status?: string;

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
    description: 'Only jobs with this tag.',
    minLength: 1,
    maxLength: 100,
    optional: true,
    example: 'signup',
  })
  tag?: string;

  @Text({
    description: 'Only jobs with this lock.',
    minLength: 1,
    maxLength: 1024,
    optional: true,
    example: 'printer-1',
  })
  lock?: string;

  @Text({
    description: 'Only the job that was submitted with this key.',
    minLength: 1,
    maxLength: 255,
    optional: true,
    example: 'order-42',
  })
  idempotency_key?: string;

  @Search({
    description:
      'Only jobs that satisfy each of these terms: `payload.user.id:42` and `result.path.to:value` compare what is at ' +
      'a path of the payload or the result, a number in the path being a place in a list; a value in quotes is a text, ' +
      'one without is whatever reads so. `error:"timed out"` finds a text in the error message, in any case. Values ' +
      'and steps with spaces, dots or colons stand in quotes, `\\"` is a quote. At most 10 terms.',
    optional: true,
    example: 'payload.user.id:42 error:"timed out"',
  })
  q?: string;

  @Moment({
    description: 'Only jobs accepted at this time or later.',
    optional: true,
    example: '2026-02-01T00:00:00Z',
  })
  created_after?: string;

  @Moment({
    description: 'Only jobs accepted before this time.',
    optional: true,
    example: '2030-02-01T00:00:00Z',
  })
  created_before?: string;

  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** A page of jobs, the newest first. */
export class JobListResponse {
  @ListOf({ description: 'The newest first.', of: JobResponse })
  jobs: JobResponse[];

  @NextCursor()
  next_cursor: string | null;

  @declare(
    {
      description:
        'True when two seconds were not enough to fill the page, as it may be with `tag`, `q` and more than one ' +
        'filter: there may be more, from `next_cursor` on.',
      example: false,
    },
    { type: 'boolean' },
  )
  incomplete: boolean;
}
