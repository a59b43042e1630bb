import { QUEUE_NAME } from '../common/index.js';
import { Decimal, Integer, Text, TextList, declare, says } from '../common/http/index.js';

const MOST_QUEUES = 20;

/** What an external worker can do, and how long it may take. */
export class LeaseJobsRequest {
  @declare(
    {
      description:
        'The queues to take jobs from, in this order; all jobs of an answer come from one. Created at their first use.',
      example: ['images'],
    },
    {
      type: 'array',
      items: { type: 'string', pattern: QUEUE_NAME.source, maxLength: 63 },
      minItems: 1,
      maxItems: MOST_QUEUES,
    },
    says('areQueues', queuesFault),
  )
  queues: string[];

  @TextList({
    description: 'The declared types it can run (`PUT /job-types/{type}`). Default: all of them.',
    maxItems: 100,
    maxLength: 100,
    optional: true,
    example: ['resize_image'],
  })
  types?: string[];

  @Integer({
    description: 'Jobs at most.',
    min: 1,
    max: 100,
    optional: true,
    default: 1,
    example: 1,
  })
  max?: number;

  @Decimal({
    description: 'Seconds to wait for a job when there is none.',
    min: 0,
    max: 30,
    optional: true,
    default: 0,
    example: 0,
  })
  wait?: number;

  @Text({
    description:
      'A name of your own for the worker, one for each process: `GET /workers` and attempts show it.',
    minLength: 1,
    maxLength: 200,
    pattern: /^[^\p{Cc}]+$/u,
    patternSays: 'must not hold control characters',
    example: 'resizer-1',
  })
  worker_id: string;

  @Integer({
    description:
      'Seconds for which a job is held without a word. When they are over, it runs again elsewhere: send a heartbeat ' +
      'every third of them.',
    min: 5,
    max: 3600,
    optional: true,
    default: 60,
    example: 60,
  })
  lease_seconds?: number;
}

function queuesFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_QUEUES)
    return `queues must be a list of 1 to ${MOST_QUEUES} names`;
  const wrong = value.find((name) => typeof name !== 'string' || !QUEUE_NAME.test(name)) as unknown;
  if (wrong === undefined) return undefined;
  return `queues names ${JSON.stringify(wrong)}: a name must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most`;
}
