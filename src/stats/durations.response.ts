import { Decimal, Integer, Nested, Text } from '../common/http/index.js';
import type { Percentiles, QueueDurations } from './durations.query.js';

const seconds = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** Percentiles, in seconds. */
export class PercentilesResponse {
  @Decimal({ description: 'Half of the jobs took at most this many seconds.', ...seconds, example: 0.02 })
  p50: number;

  @Decimal({ description: '95 of 100 jobs took at most this many seconds.', ...seconds, example: 0.1 })
  p95: number;

  @Decimal({ description: '99 of 100 jobs took at most this many seconds.', ...seconds, example: 0.5 })
  p99: number;
}

/** How long the jobs of a queue take. */
export class QueueDurationsResponse {
  @Text({ description: 'The queue.', maxLength: 63, example: 'default' })
  queue_name: string;

  @Integer({ description: 'Jobs the percentiles are made from.', min: 1, max: 10_000, example: 120 })
  jobs: number;

  @Nested({
    description: 'From the later of creation and schedule to the start.',
    of: PercentilesResponse,
  })
  wait_seconds: PercentilesResponse;

  @Nested({ description: 'From the start to the end.', of: PercentilesResponse })
  run_seconds: PercentilesResponse;
}

/** The durations as they leave. */
export function toDurationsResponse(durations: QueueDurations): QueueDurationsResponse {
  const { queueName, jobs, wait, run } = durations;
  return { queue_name: queueName, jobs, wait_seconds: toPercentiles(wait), run_seconds: toPercentiles(run) };
}

/** To milliseconds, which is all that times have. */
function toPercentiles(percentiles: Percentiles): PercentilesResponse {
  const [p50, p95, p99] = percentiles.map(
    (value) => Math.round(value * 1000) / 1000,
  ) as unknown as Percentiles;
  return { p50, p95, p99 };
}
