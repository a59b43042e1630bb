import { LONGEST_URL } from '../egress/index.js';
import { Integer, Text, TextList, declare, says } from '../common/http/index.js';
import { WEBHOOK_EVENTS } from '../queue/index.js';

const LONGEST_DESCRIPTION = 500;
const MOST_FILTERS = 100;

const WEEK_SECONDS = 7 * 86_400;

const url = {
  description: `Where events go, up to ${LONGEST_URL} characters: a public address, by https, at port 443, 80 or 8443. WEBHOOK_ALLOW_HTTP and WEBHOOK_ALLOW_PRIVATE allow more.`,
  minLength: 1,
  maxLength: LONGEST_URL,
  format: 'uri',
  example: 'https://hooks.example/jobs',
} as const;

const description = {
  description: 'What it is for.',
  maxLength: LONGEST_DESCRIPTION,
  optional: true,
  nullable: true,
  example: 'Bookkeeping',
} as const;

const queues = {
  description:
    'Of the events of jobs only those in these queues; null or none = of every queue. Events of workflows have no queue and come all the same.',
  maxItems: MOST_FILTERS,
  maxLength: 63,
  optional: true,
  nullable: true,
  example: ['invoices'],
} as const;

const types = {
  description:
    'Of the events of jobs only those of these types; null or none = of every type. Events of workflows have no type and come all the same.',
  maxItems: MOST_FILTERS,
  maxLength: 200,
  optional: true,
  nullable: true,
  example: ['send_email'],
} as const;

/** What it wants to hear of. */
const Events = (field: { optional?: boolean } = {}) =>
  declare(
    {
      description: 'What it is told of.',
      example: ['job.completed', 'job.failed'],
      ...field,
    },
    {
      type: 'array',
      items: { type: 'string', enum: [...WEBHOOK_EVENTS] },
      minItems: 1,
      maxItems: WEBHOOK_EVENTS.length,
    },
    says('areWebhookEvents', eventsFault),
  );

/** An endpoint to be created. */
export class CreateWebhookRequest {
  @Text(url)
  url: string;

  @Text(description)
  description?: string | null;

  @Events()
  events: string[];

  @TextList(queues)
  queues?: string[] | null;

  @TextList(types)
  types?: string[] | null;
}

/** What to change; what is left out stays as it is. */
export class EditWebhookRequest {
  @Text({ ...url, optional: true })
  url?: string;

  @Text(description)
  description?: string | null;

  @Events({ optional: true })
  events?: string[];

  @TextList(queues)
  queues?: string[] | null;

  @TextList(types)
  types?: string[] | null;
}

/** How a secret is exchanged. */
export class RotateSecretRequest {
  @Integer({
    description: 'Seconds for which the old secret signs too, so that receivers can change over.',
    min: 0,
    max: WEEK_SECONDS,
    optional: true,
    default: 86_400,
    example: 86_400,
  })
  keep_old_for?: number;
}

/** Why an endpoint is taken out of service. */
export class DisableWebhookRequest {
  @Text({
    description: 'For whoever wonders.',
    minLength: 1,
    maxLength: 500,
    optional: true,
    example: 'Moves to another host',
  })
  reason?: string;
}

function eventsFault(value: unknown): string | undefined {
  const known: readonly unknown[] = WEBHOOK_EVENTS;
  const isList = Array.isArray(value) && value.length >= 1 && new Set(value).size === value.length;
  return isList && value.every((event) => known.includes(event))
    ? undefined
    : `events must be a list of different words out of ${WEBHOOK_EVENTS.join(', ')}`;
}
