import type { Duration } from '../common/duration.js';
import { QUEUE_NAME } from '../common/index.js';
import {
  Decimal,
  Integer,
  JsonObjectField,
  Moment,
  Nested,
  Text,
  TextList,
  declare,
  says,
} from '../common/http/index.js';
import { LONGEST_URL } from '../egress/index.js';
import type { JsonObject } from '../queue/index.js';
import { DEPENDENCIES, type DependencyRequest, dependenciesFault } from './depends-on.js';
import { durationFault } from './duration.js';
import { type Retry, retryFault } from './retry.js';
import { UniqueRequest } from './unique.dto.js';

const MONTH_SECONDS = 30 * 86_400;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** How the waits between retries grow: `min(base_delay × 2^(k−2), max_delay)` before execution k. */
export class BackoffRequest {
  @Decimal({
    description: 'Seconds before the first retry.',
    min: 0,
    max: MONTH_SECONDS,
    optional: true,
    example: 2,
  })
  base_delay?: number;

  @Decimal({
    description: 'Seconds that no wait exceeds.',
    min: 0,
    max: MONTH_SECONDS,
    optional: true,
    example: 300,
  })
  max_delay?: number;

  @Decimal({
    description: 'The fraction of a wait that may be added to it at random; 0 keeps the exact table.',
    min: 0,
    max: 1,
    optional: true,
    example: 0.1,
  })
  jitter?: number;
}

/** What every way to submit a job takes. */
export class JobRequest {
  @Text({
    description: 'A registered type (GET /job-types). Default: what `payload.task` names, else `echo`.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    example: 'echo',
  })
  type?: string;

  @JsonObjectField({
    description: "What the handler gets; must fit the type's schema.",
    example: { hello: 'world' },
  })
  payload: JsonObject;

  @Text({
    description: "The queue to wait in; created at its first use. Default: the type's.",
    maxLength: 63,
    pattern: QUEUE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    optional: true,
    example: 'default',
  })
  queue?: string;

  @Integer({
    description: '1 (first) to 10 (last).',
    min: 1,
    max: 10,
    optional: true,
    default: 5,
    example: 5,
  })
  priority?: number;

  @TextList({
    description: 'Labels to find the job by.',
    maxItems: 20,
    maxLength: 100,
    optional: true,
    example: ['signup', 'eu'],
  })
  tags?: string[];

  @Moment({
    description: 'The earliest start, without a zone in UTC; a time that has passed means now.',
    optional: true,
    example: '2030-01-31T15:00:00Z',
  })
  scheduled_at?: string;

  @Moment({
    description: 'Another name for `scheduled_at`.',
    optional: true,
    example: '2030-01-31T15:00:00Z',
  })
  schedule_at?: string;

  @declare(
    {
      description: 'The wait before the earliest start: seconds, or amounts of calendar units.',
      optional: true,
      example: { minutes: 5 },
    },
    {
      oneOf: [
        { type: 'number', minimum: 0 },
        { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
      ],
    },
    says('isDuration', durationFault),
  )
  schedule_in?: Duration;

  @Integer({
    description: 'Executions in all, not retries; null = no limit. Default: as the type says.',
    min: 1,
    max: 1_000_000,
    optional: true,
    nullable: true,
    example: 5,
  })
  max_attempts?: number | null;

  @declare(
    {
      description:
        'Retries in other words: a number of them, true = for ever, or a strategy whose wait before execution k is wait + linear_wait·(k−1) + exponential_wait^(k−1).',
      optional: true,
      example: 4,
    },
    {
      oneOf: [
        { type: 'integer', minimum: 0 },
        { type: 'boolean', enum: [true] },
        { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
      ],
    },
    says('isRetry', retryFault),
  )
  retry?: Retry;

  @Nested({
    description: 'How the waits between retries grow. Default: as the type says.',
    of: BackoffRequest,
    optional: true,
  })
  backoff?: BackoffRequest;

  @Integer({
    description: 'Seconds an attempt may run. Default: as the type says.',
    min: 1,
    max: 86_400,
    optional: true,
    example: 300,
  })
  timeout?: number;

  @Text({
    description:
      'Jobs of the same lock run one after the other, in the order of their creation, in whatever queues.',
    minLength: 1,
    maxLength: 1024,
    optional: true,
    example: 'customer-42',
  })
  lock?: string;

  @Text({
    description:
      'Whose share of the limits it takes, if its queue has limits per key: a customer, a host. Jobs of other keys pass by.',
    minLength: 1,
    maxLength: 255,
    optional: true,
    example: 'customer-42',
  })
  limit_key?: string;

  @Nested({
    description: 'Keeps a second job away while there is one; null = none, also where the type has one.',
    of: UniqueRequest,
    optional: true,
    nullable: true,
  })
  unique?: UniqueRequest | null;

  @Text({
    description:
      'Is told of the end of the job, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.',
    minLength: 1,
    maxLength: LONGEST_URL,
    format: 'uri',
    optional: true,
    example: 'https://hooks.example/job-7',
  })
  callback_url?: string;
}

/** A job to be accepted. Only `payload` is required. */
export class CreateJobRequest extends JobRequest {
  @Text({
    description:
      'Makes it safe to ask again: the same key gives back the first job. Also as the header Idempotency-Key.',
    minLength: 1,
    maxLength: 255,
    pattern: PRINTABLE_ASCII,
    patternSays: 'must consist of printable ASCII characters',
    optional: true,
    example: 'order-4711-confirmation',
  })
  idempotency_key?: string;

  @declare(
    {
      description:
        'Jobs that must end first, by id or as `{"job_id", "on_failure"}`. If one of them fails or is cancelled, so is this one (`cancel`, the default), or it goes on all the same (`continue`).',
      optional: true,
      example: [],
    },
    DEPENDENCIES,
    says('areJobIds', dependenciesFault),
  )
  depends_on?: (string | DependencyRequest)[];
}
