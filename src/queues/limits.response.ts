import { Integer, Nested, Text } from '../common/http/index.js';
import type { QueueLimits } from '../queue/index.js';

const count = { min: 0, max: 2_147_483_647 } as const;

/** A limit of each key. */
export class KeyLimitResponse {
  @Text({
    description: 'Starts per unit of time; null = any number.',
    maxLength: 30,
    nullable: true,
    example: '100/minute',
  })
  rate: string | null;

  @Integer({ description: 'Starts that may come together.', ...count, example: 1 })
  burst: number;

  @Integer({
    description: 'Jobs that may run at once; null = any number.',
    ...count,
    nullable: true,
    example: 5,
  })
  concurrency: number | null;
}

/** The limits of a queue. */
export class LimitsResponse extends KeyLimitResponse {
  @Nested({
    description: 'The same for each `limit_key`; null = none.',
    of: KeyLimitResponse,
    nullable: true,
  })
  per_key: KeyLimitResponse | null;
}

/** What is used of the limits of a queue. */
export class LimitUsageResponse {
  @Integer({ description: 'Jobs of it that run.', ...count, example: 2 })
  running: number;

  @Text({
    description: 'When its rate lets the next job start; null = at once.',
    maxLength: 30,
    format: 'date-time',
    nullable: true,
    example: '2026-02-01T14:30:00.000Z',
  })
  next_start_at: string | null;

  @Integer({
    description: 'Keys that have more jobs in line than their limit lets start.',
    ...count,
    example: 0,
  })
  keys_held_back: number;
}

/** What is used of them, as it leaves. */
export function toLimitUsageResponse(usage: QueueLimits | undefined): LimitUsageResponse | null {
  if (!usage) return null;
  const { running, nextStartAt } = usage.queue;
  return {
    running,
    next_start_at: nextStartAt?.toISOString() ?? null,
    keys_held_back: usage.keysHeldBack,
  };
}
