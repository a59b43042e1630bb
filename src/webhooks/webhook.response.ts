import { Integer, ListOf, Text, TextList, Truth } from '../common/http/index.js';
import type { Webhook } from './webhook.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** An endpoint as it leaves; its secret stays. */
export class WebhookResponse {
  @Text({
    description: 'UUIDv7.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  webhook_id: string;

  @Text({ description: 'Where events go.', maxLength: 2048, example: 'https://hooks.example/jobs' })
  url: string;

  @Text({ description: 'What it is for.', maxLength: 500, nullable: true, example: 'Bookkeeping' })
  description: string | null;

  @TextList({
    description: 'What it is told of.',
    maxItems: 100,
    maxLength: 100,
    example: ['job.completed', 'job.failed'],
  })
  events: readonly string[];

  @TextList({
    description: 'Only of jobs in these queues; null = in every queue.',
    maxItems: 100,
    maxLength: 63,
    nullable: true,
  })
  queues: readonly string[] | null;

  @TextList({
    description: 'Only of jobs of these types; null = of every type.',
    maxItems: 100,
    maxLength: 200,
    nullable: true,
  })
  types: readonly string[] | null;

  @Truth({ description: 'Whether it is told of what happens.', example: true })
  enabled: boolean;

  @Text({ description: 'Why it is not.', maxLength: 600, nullable: true })
  disabled_reason: string | null;

  @Text({ description: 'Since when it is not.', ...time, nullable: true, example: null })
  disabled_at: string | null;

  @Integer({
    description: 'Tries that failed in a row, up to now.',
    min: 0,
    max: 2_147_483_647,
    example: 0,
  })
  failures: number;

  @Text({
    description: 'Since when every try has failed; after five days the endpoint is disabled.',
    ...time,
    nullable: true,
    example: null,
  })
  failing_since: string | null;

  @Text({
    description: 'Until when the secret before the present one signs too; null = it does not.',
    ...time,
    nullable: true,
    example: null,
  })
  old_secret_expires_at: string | null;

  @Text({ description: 'When it was created.', ...time })
  created_at: string;

  @Text({ description: 'When it was changed last.', ...time })
  updated_at: string;
}

/** The same with its secret. */
export class WebhookWithSecretResponse extends WebhookResponse {
  @Text({
    description: 'What its events are signed with. Shown this once.',
    maxLength: 100,
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret: string;
}

/** Every endpoint. */
export class WebhookListResponse {
  @ListOf({ description: 'The newest first.', of: WebhookResponse })
  webhooks: WebhookResponse[];
}

/** The endpoint as it leaves. */
export function toWebhookResponse(webhook: Webhook): WebhookResponse {
  return {
    webhook_id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: webhook.events,
    queues: webhook.queues,
    types: webhook.types,
    enabled: webhook.enabled,
    disabled_reason: webhook.disabledReason,
    disabled_at: webhook.disabledAt?.toISOString() ?? null,
    failures: webhook.failures,
    failing_since: webhook.failingSince?.toISOString() ?? null,
    old_secret_expires_at: webhook.previousSecretExpiresAt?.toISOString() ?? null,
    created_at: webhook.createdAt.toISOString(),
    updated_at: webhook.updatedAt.toISOString(),
  };
}
