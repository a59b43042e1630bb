import { ValidateBy } from 'class-validator';
import { isUuid } from '../common/index.js';
import { Moment, Text, declare } from '../common/http/index.js';
import { parseJobStatus, unknownStatus } from '../queue/index.js';

const MOST_JOB_IDS = 1_000;
const EXAMPLE_ID = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';

/** Which failed jobs. */
export class FailureFilterRequest {
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
    description: 'Only jobs that failed alike: the `fingerprint` of a dead letter.',
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

  @declare(
    { description: 'Only these jobs.', optional: true, example: [EXAMPLE_ID] },
    { type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 1, maxItems: MOST_JOB_IDS },
    ValidateBy({
      name: 'areJobIds',
      validator: {
        validate: (value: unknown) => jobIdsFault(value) === undefined,
        defaultMessage: (context) => jobIdsFault(context?.value) ?? '',
      },
    }),
  )
  job_ids?: string[];
}

/** Which jobs. */
export class JobFilterRequest extends FailureFilterRequest {
  @declare(
    {
      description:
        'Only jobs of this status, or of one of these; in any case, other systems’ words work too.',
      optional: true,
      example: ['PENDING'],
    },
    { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 6 }] },
    ValidateBy({
      name: 'isJobStatus',
      validator: {
        validate: (value: unknown) => statusFault(value) === undefined,
        defaultMessage: (context) => statusFault(context?.value) ?? '',
      },
    }),
  )
  status?: string | string[];

  @Text({
    description: 'Only jobs of this lock.',
    minLength: 1,
    maxLength: 1024,
    optional: true,
    example: 'customer-42',
  })
  lock?: string;

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
}

function jobIdsFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_JOB_IDS) {
    return `job_ids must be a list of 1 to ${MOST_JOB_IDS} job ids`;
  }
  const index = value.findIndex((id) => typeof id !== 'string' || !isUuid(id));
  return index === -1 ? undefined : `job_ids[${index}] is not a job id`;
}

function statusFault(value: unknown): string | undefined {
  const words: unknown[] = Array.isArray(value) ? value : [value];
  if (words.length === 0) return 'status must name at least one status';
  const wrong = words.find((word) => typeof word !== 'string' || parseJobStatus(word) === undefined);
  if (wrong === undefined) return undefined;
  const text = typeof wrong === 'string' ? wrong : JSON.stringify(wrong);
  return unknownStatus(text);
}
