import { createHash } from 'node:crypto';

/** The type of the jobs that deliver events. Their own ends are told to nobody: that would never end. */
export const DELIVERY_TYPE = 'deliver_webhook';

/** Where they wait. */
export const DELIVERY_QUEUE = 'webhooks';

/** The ends of workflows and groups. */
export const WORKFLOW_EVENTS = ['workflow.completed', 'workflow.failed', 'workflow.cancelled'] as const;

/** What an endpoint can ask to hear of. */
export const WEBHOOK_EVENTS = ['job.completed', 'job.failed', 'job.cancelled', ...WORKFLOW_EVENTS] as const;

export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];

/** Something that has happened and that others may want to hear of. */
export interface WebhookEvent {
  /** `webhook-id`: equal for the same happening, and for no other. No dots: they part what is signed. */
  readonly id: string;
  readonly type: WebhookEventType;
  readonly at: Date;
  /** What it happened to: the id of a job or a workflow. */
  readonly subject: string;
  /** What is told of it: the member `data` of the body. */
  readonly data: object;
  /** Who is told beside the endpoints. */
  readonly callbackUrl: string | null;
  /** The trace that its deliveries go on. */
  readonly traceParent: string | null;
  /** What the filters of endpoints look at; null = of none in particular, which no filter keeps away. */
  readonly queue: string | null;
  readonly jobType: string | null;
}

/** Where one event goes: to an endpoint, or to the URL that came with its job. */
export type Target =
  | { readonly webhookId: string; readonly callbackUrl: null }
  | { readonly webhookId: null; readonly callbackUrl: string };

/** An endpoint as far as it says what it wants to hear. */
export interface Listener {
  readonly id: string;
  readonly events: readonly string[];
  /** Null = of whatever queue. */
  readonly queues: readonly string[] | null;
  /** Null = of whatever type. */
  readonly types: readonly string[] | null;
}

/** Everybody who is to be told of an event. */
export function targetsOf(event: WebhookEvent, listeners: readonly Listener[]): Target[] {
  const endpoints = listeners
    .filter((listener) => wants(listener, event))
    .map(({ id }) => ({ webhookId: id, callbackUrl: null }));
  const { callbackUrl } = event;
  return callbackUrl === null ? endpoints : [...endpoints, { webhookId: null, callbackUrl }];
}

/** The id of the event that these words tell from all others. */
export function eventIdOf(...words: readonly (string | number)[]): string {
  return `evt_${createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 32)}`;
}

/** What is sent: the same bytes at every try. */
export function bodyOf({ type, at, data }: Pick<WebhookEvent, 'at' | 'data'> & { type: string }): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

function passes(filter: readonly string[] | null, value: string | null): boolean {
  return filter === null || value === null || filter.includes(value);
}

function wants({ events, queues, types }: Listener, { type, queue, jobType }: WebhookEvent): boolean {
  return events.includes(type) && passes(queues, queue) && passes(types, jobType);
}
