import { Choice, Integer, ListOf, NextCursor, PageCursor, PageSize, Text } from '../../common/http/index.js';
import type { Delivery } from './delivery.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;
const id = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;

/** How many deliveries to list, and where to go on. */
export class ListDeliveriesRequest {
  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** An event on its way to one receiver. */
export class DeliveryResponse {
  @Text({ description: 'The id of the delivery, and of the job that makes it.', ...id })
  delivery_id: string;

  @Text({
    description: 'The `webhook-id` that the receiver sees: the same at every try, and when it is sent again.',
    maxLength: 100,
    example: 'evt_3f0c2b6f3c1d9a5501939c5e7a707f3e',
  })
  event_id: string;

  @Text({ description: 'What it tells of.', maxLength: 100, example: 'job.completed' })
  event: string;

  @Text({ description: 'The job that it tells of; null for a workflow and a test.', ...id, nullable: true })
  job_id: string | null;

  @Text({ description: 'The workflow or group that it tells of.', ...id, nullable: true, example: null })
  workflow_id: string | null;

  @Text({ description: 'The webhook; null for a `callback_url`.', ...id, nullable: true })
  webhook_id: string | null;

  @Text({
    description: 'Where it goes, without the query; null when the webhook is gone.',
    maxLength: 2048,
    nullable: true,
    example: 'https://hooks.example/jobs',
  })
  url: string | null;

  @Choice({
    description: '`pending`: it is tried, or tried again. `cancelled`: it is not to be made any more.',
    choices: ['pending', 'delivered', 'failed', 'cancelled'],
    example: 'delivered',
  })
  status: Delivery['status'];

  @Integer({ description: 'Requests that were sent.', min: 0, max: 2_147_483_647, example: 1 })
  attempts: number;

  @Integer({
    description: 'The status of the last answer; null = there was none.',
    min: 100,
    max: 999,
    nullable: true,
    example: 200,
  })
  response_status: number | null;

  @Text({
    description: 'The first KiB of the last answer.',
    maxLength: 2_000,
    nullable: true,
    example: 'ok',
  })
  response_body: string | null;

  @Integer({
    description: 'How long the last request took, in milliseconds.',
    min: 0,
    max: 2_147_483_647,
    nullable: true,
    example: 42,
  })
  duration_ms: number | null;

  @Text({ description: 'What was wrong the last time, or why it ended.', maxLength: 5_000, nullable: true })
  error: string | null;

  @Text({ description: 'When it was enqueued.', ...time })
  created_at: string;

  @Text({ description: 'When the last request was sent.', ...time, nullable: true })
  last_attempt_at: string | null;

  @Text({ description: 'When the next one is due.', ...time, nullable: true, example: null })
  next_attempt_at: string | null;

  @Text({ description: 'When it ended.', ...time, nullable: true })
  finished_at: string | null;
}

/** A page of deliveries. */
export class DeliveryListResponse {
  @ListOf({ description: 'The newest first.', of: DeliveryResponse })
  deliveries: DeliveryResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** The delivery as it leaves. */
export function toDeliveryResponse(delivery: Delivery): DeliveryResponse {
  const isOfWorkflow = delivery.event.startsWith('workflow.');
  return {
    delivery_id: delivery.id,
    event_id: delivery.eventId,
    event: delivery.event,
    job_id: isOfWorkflow ? null : delivery.subjectId,
    workflow_id: isOfWorkflow ? delivery.subjectId : null,
    webhook_id: delivery.webhookId,
    // A query may hold what only its owner is to know.
    url: delivery.url?.replace(/[?#].*$/s, '') ?? null,
    status: delivery.status,
    attempts: delivery.attempts,
    response_status: delivery.responseStatus,
    response_body: delivery.responseBody,
    duration_ms: delivery.durationMs,
    error: delivery.error,
    created_at: delivery.createdAt.toISOString(),
    last_attempt_at: delivery.attemptedAt?.toISOString() ?? null,
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
    finished_at: delivery.finishedAt?.toISOString() ?? null,
  };
}
