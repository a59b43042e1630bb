import { Decimal, Integer, Text } from '../common/http/index.js';

const MOST_WORKERS = 10_000;

/** Which queues the workers serve, and how large and how busy they are to be. */
export class ScalingRequest {
  @Text({
    description: 'The queues that these workers serve, separated by commas; without it all of them.',
    minLength: 1,
    maxLength: 2_000,
    pattern: /^[a-z0-9][a-z0-9._-]{0,62}(,[a-z0-9][a-z0-9._-]{0,62})*$/,
    patternSays: 'must be names of queues, separated by commas',
    optional: true,
    example: 'default',
  })
  queues?: string;

  @Integer({
    description: 'The fewest workers; schedules and recovery need one.',
    min: 0,
    max: MOST_WORKERS,
    optional: true,
    default: 1,
    example: 1,
  })
  min?: number;

  @Integer({
    description: 'The most workers.',
    min: 1,
    max: MOST_WORKERS,
    optional: true,
    default: 100,
    example: 20,
  })
  max?: number;

  @Decimal({
    description: 'The fraction of slots that is to be busy.',
    min: 0.1,
    max: 1,
    optional: true,
    default: 0.8,
    example: 0.8,
  })
  target?: number;

  @Integer({
    description:
      'Slots of one worker; without it those of the workers that serve the queues now, on average, or else WORKER_CONCURRENCY of the API.',
    min: 1,
    max: 1_000,
    optional: true,
    example: 10,
  })
  slots?: number;
}
