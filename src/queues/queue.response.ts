import { Choice, Counts, Decimal, Integer, ListOf, Nested, Text } from '../common/http/index.js';
import type { JobStatus } from '../queue/index.js';
import { LimitUsageResponse, LimitsResponse, toLimitUsageResponse } from './limits.response.js';
import {
  ObjectiveResponse,
  ObjectiveStatusResponse,
  toObjectiveResponse,
  toObjectiveStatusResponse,
} from './objectives/objective.response.js';
import { type Rates, secondsToDrain } from './queue-figures.js';
import type { Queue } from './queues.query.js';

const MOST = Number.MAX_SAFE_INTEGER;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** Why and how long no job of a queue starts. */
export class PauseResponse {
  @Text({ description: 'When it was paused.', ...time })
  since: string;

  @Text({ description: 'Who paused it.', maxLength: 200, example: 'anonymous' })
  by: string;

  @Text({ description: 'Why.', maxLength: 500, nullable: true, example: 'The mail provider is down' })
  reason: string | null;

  @Text({
    description: 'When it ends by itself; null = when somebody resumes the queue.',
    ...time,
    nullable: true,
  })
  until: string | null;
}

/** The job that has waited longest. */
export class OldestWaitingResponse {
  @Text({
    description: 'Its id.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Decimal({ description: 'Seconds since it could have started.', min: 0, max: MOST, example: 1.5 })
  age_seconds: number;
}

/** Jobs per minute. */
export class RatesResponse {
  @Decimal({ description: 'Accepted, per minute.', min: 0, max: MOST, example: 60 })
  submitted: number;

  @Decimal({ description: 'Completed, per minute.', min: 0, max: MOST, example: 58 })
  completed: number;

  @Decimal({ description: 'Failed for good, per minute.', min: 0, max: MOST, example: 0 })
  failed: number;
}

/** Rates over two spans of time. */
export class QueueRatesResponse {
  @Nested({ description: 'Over the last minute.', of: RatesResponse })
  last_minute: RatesResponse;

  @Nested({ description: 'The mean of the last five minutes.', of: RatesResponse })
  last_5_minutes: RatesResponse;
}

/** A queue as it leaves. */
export class QueueResponse {
  @Text({ description: 'Its name.', maxLength: 63, example: 'default' })
  name: string;

  @Nested({ description: 'Null unless it is paused.', of: PauseResponse, nullable: true })
  paused: PauseResponse | null;

  @Text({
    description: 'The queue that hears of jobs which failed for good.',
    maxLength: 63,
    nullable: true,
    example: 'dead',
  })
  dead_letter_queue: string | null;

  @Choice({
    description: '`none`: jobs that have ended leave at once, but for those that have failed.',
    choices: ['none'],
    nullable: true,
    example: null,
  })
  retention: 'none' | null;

  @Nested({
    description: 'How often and how many at a time its jobs start; null = as workers can.',
    of: LimitsResponse,
    nullable: true,
  })
  limits: LimitsResponse | null;

  @Nested({
    description: 'What is used of its limits now; null = it has none.',
    of: LimitUsageResponse,
    nullable: true,
  })
  limit_usage: LimitUsageResponse | null;

  @Integer({
    description:
      'Jobs that may wait in it before submissions are answered 429; null = as QUEUE_MAX_WAITING says.',
    min: 1,
    max: MOST,
    nullable: true,
    example: 100_000,
  })
  max_waiting: number | null;

  @Nested({
    description: 'How soon how many of its jobs are to start; null = nobody said.',
    of: ObjectiveResponse,
    nullable: true,
  })
  objective: ObjectiveResponse | null;

  @Nested({
    description: 'How it keeps its objective; null = it has none.',
    of: ObjectiveStatusResponse,
    nullable: true,
  })
  objective_status: ObjectiveStatusResponse | null;

  @Counts({
    description: 'Its jobs by status; every status is there. Exact as of now.',
    example: { BLOCKED: 0, PENDING: 3, PROCESSING: 2, COMPLETED: 120, FAILED: 1, CANCELLED: 0 },
  })
  depth: Readonly<Record<JobStatus, number>>;

  @Nested({
    description:
      'Of the jobs that may start now, the one that has waited longest. As of now; when so many wait that looking ' +
      'takes longer than 0.1 s, a look serves for twenty times as long as it took.',
    of: OldestWaitingResponse,
    nullable: true,
  })
  oldest_waiting: OldestWaitingResponse | null;

  @Nested({
    description:
      'Jobs per minute, also of jobs that are deleted by now. A span ends and begins to ten seconds.',
    of: QueueRatesResponse,
  })
  rates: QueueRatesResponse;

  @Integer({
    description:
      'Seconds until the jobs that run or may start now have ended, at the rate at which jobs ended in the last minute, ' +
      'or the last five when none did, if no new ones come. Null while paused or when none ended: nobody knows.',
    min: 0,
    max: MOST,
    nullable: true,
    example: 5,
  })
  seconds_to_drain: number | null;

  @Integer({ description: 'Workers that claim from it.', min: 0, max: MOST, example: 1 })
  live_workers: number;
}

/** Every queue. */
export class QueueListResponse {
  @ListOf({ description: 'By name.', of: QueueResponse })
  queues: QueueResponse[];
}

/** The queue as it leaves. */
export function toQueueResponse(queue: Queue): QueueResponse {
  const { depth, oldest, lastMinute, lastFiveMinutes } = queue.figures;
  return {
    name: queue.name,
    paused: toPauseResponse(queue),
    dead_letter_queue: queue.deadLetterQueue,
    retention: queue.retention,
    limits: queue.limits,
    limit_usage: toLimitUsageResponse(queue.limitUsage),
    max_waiting: queue.maxWaiting,
    objective: toObjectiveResponse(queue.objectiveStatus),
    objective_status: toObjectiveStatusResponse(queue.objectiveStatus),
    depth,
    oldest_waiting: oldest && { job_id: oldest.id, age_seconds: rounded(oldest.age) },
    rates: { last_minute: toRatesResponse(lastMinute), last_5_minutes: toRatesResponse(lastFiveMinutes) },
    seconds_to_drain: queue.isPaused ? null : secondsToDrain(queue.figures),
    live_workers: queue.liveWorkers,
  };
}

/** A pause that has ended by itself still stands in the row. */
function toPauseResponse(queue: Queue): PauseResponse | null {
  if (!queue.isPaused || !queue.pausedAt) return null;
  return {
    since: queue.pausedAt.toISOString(),
    by: queue.pausedBy ?? '',
    reason: queue.pauseReason,
    until: queue.pausedUntil?.toISOString() ?? null,
  };
}

function toRatesResponse({ submitted, completed, failed }: Rates): RatesResponse {
  return { submitted: rounded(submitted), completed: rounded(completed), failed: rounded(failed) };
}

/** To milliseconds, or thousandths of a job. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
