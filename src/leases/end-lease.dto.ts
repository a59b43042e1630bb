import { Choice, Decimal, Integer, Nested, NestedList, Text, Truth, declare } from '../common/http/index.js';
import { LOG_LEVELS, type LogLevel } from '../worker/index.js';

const MONTH_SECONDS = 30 * 86_400;

/** A result may be anything that JSON can say. */
const ANY_JSON = [
  { type: 'object', additionalProperties: true },
  { type: 'array', items: {} },
  ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
];

/** One line for the job's log. */
export class LeaseLogLine {
  @Choice({
    description: 'How much it matters.',
    choices: LOG_LEVELS,
    optional: true,
    default: 'info',
    example: 'info',
  })
  level?: LogLevel;

  @Text({ description: 'What it says.', maxLength: 4096, example: 'Reading rows' })
  message: string;
}

/** A sign of life. */
export class HeartbeatRequest {
  @Integer({
    description: 'How far the job has come, in percent.',
    min: 0,
    max: 100,
    optional: true,
    example: 40,
  })
  progress?: number;

  @Text({
    description: 'What is being done; only beside `progress`.',
    maxLength: 1000,
    optional: true,
    example: 'Reading rows',
  })
  message?: string;

  @NestedList({
    description: 'Lines for the job’s log; a job keeps 1,000.',
    of: LeaseLogLine,
    maxItems: 100,
    optional: true,
    example: [],
  })
  logs?: LeaseLogLine[];

  @Integer({
    description:
      'Seconds for which the job is held from now on, as far as its timeout allows. Default: the `lease_seconds` it was taken with.',
    min: 5,
    max: 3600,
    optional: true,
    example: 60,
  })
  extend?: number;
}

/** The work is done. */
export class CompleteLeaseRequest {
  @declare(
    {
      description:
        'The result of the job; what is larger than 256 KiB is stored as a preview. Default: null.',
      optional: true,
      example: { width: 640 },
    },
    { oneOf: ANY_JSON },
  )
  result?: unknown;
}

/** What went wrong. */
export class LeaseErrorRequest {
  @Text({
    description: 'Its class, by which equal errors are found.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    default: 'Error',
    example: 'ConnectionError',
  })
  name?: string;

  @Text({
    description: 'What it says.',
    minLength: 1,
    maxLength: 100_000,
    example: 'images.example.org refused the connection',
  })
  message: string;

  @Text({ description: 'Where it was thrown.', maxLength: 100_000, optional: true })
  stack?: string;
}

/** The attempt has failed. */
export class FailLeaseRequest {
  @Nested({ description: 'What went wrong.', of: LeaseErrorRequest, example: { message: 'No such image' } })
  error: LeaseErrorRequest;

  @Truth({
    description: 'True: no other attempt can do better, and the job is FAILED at once.',
    optional: true,
    default: false,
    example: false,
  })
  permanent?: boolean;

  @Decimal({
    description: 'Seconds before the next attempt. Default: as the job says.',
    min: 0,
    max: MONTH_SECONDS,
    optional: true,
    example: 30,
  })
  retry_in?: number;
}

/** Another time is better. */
export class SnoozeLeaseRequest {
  @Decimal({
    description: 'Seconds before the next attempt.',
    min: 0,
    max: MONTH_SECONDS,
    example: 60,
  })
  delay: number;
}
