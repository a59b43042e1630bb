import { Integer, ListOf, Nested, Text } from '../../common/http/index.js';
import { AttemptErrorResponse } from '../attempt.response.js';

const LARGEST_ID = Number.MAX_SAFE_INTEGER;

/** The most events of one answer. */
export const MOST_EVENTS = 1_000;

/** Something that happened to a job. */
export class EventResponse {
  @Integer({
    description: 'Grows from event to event of a job; 0 is the submission.',
    min: 0,
    max: LARGEST_ID,
    example: 17,
  })
  id: number;

  @Text({
    description:
      'What happened: submitted, started, completed, failed, timed_out, interrupted, released, snoozed, ' +
      'cancel_requested, cancelled, retried, revived, run_now, updated, replaced, blocked, unblocked, edited (by hand in ' +
      'the database), or mended (what such a hand had left behind). There may be more one day.',
    maxLength: 100,
    example: 'completed',
  })
  event: string;

  @Integer({ description: 'Executions started by then.', min: 0, max: 2_147_483_647, example: 1 })
  attempt: number;

  @Text({ description: 'When.', maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' })
  at: string;

  @Text({ description: "The latest attempt's worker.", maxLength: 36, format: 'uuid', nullable: true })
  worker_id: string | null;

  @Nested({ description: 'What was thrown.', of: AttemptErrorResponse, nullable: true })
  error: AttemptErrorResponse | null;

  @Text({ description: 'Who asked for it; null when it came of itself.', maxLength: 200, nullable: true })
  actor: string | null;
}

/** What happened to a job, the first event first. */
export class EventListResponse {
  @ListOf({ description: 'The first one first.', of: EventResponse })
  events: EventResponse[];

  @Integer({
    description: 'Pass it as `after` to go on; null when this is all so far.',
    min: 0,
    max: LARGEST_ID,
    nullable: true,
  })
  next_after: number | null;
}

/** Which events to list. */
export class ListEventsRequest {
  @Integer({
    description: 'Only events after the one with this id.',
    min: 0,
    max: LARGEST_ID,
    optional: true,
  })
  after?: number;

  @Integer({
    description: 'Events an answer; a stream has no limit.',
    min: 1,
    max: MOST_EVENTS,
    optional: true,
    default: MOST_EVENTS,
  })
  limit?: number;
}
