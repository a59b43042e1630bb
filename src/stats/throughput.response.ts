import { Integer, Nested } from '../common/http/index.js';

const amount = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** Jobs accepted and ended within a span of time. */
export class ThroughputResponse {
  @Integer({ description: 'Accepted.', ...amount, example: 60 })
  submitted: number;

  @Integer({ description: 'Completed.', ...amount, example: 58 })
  completed: number;

  @Integer({ description: 'Failed for good.', ...amount, example: 1 })
  failed: number;
}

/** The same over three spans, each up to now. */
export class ThroughputsResponse {
  @Nested({ description: 'In the last minute.', of: ThroughputResponse })
  last_minute: ThroughputResponse;

  @Nested({ description: 'In the last five minutes.', of: ThroughputResponse })
  last_5_minutes: ThroughputResponse;

  @Nested({ description: 'In the last hour.', of: ThroughputResponse })
  last_hour: ThroughputResponse;
}
