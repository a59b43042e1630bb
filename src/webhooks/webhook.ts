import { createHash } from 'node:crypto';
import { refuseQueue } from '../auth/index.js';

/** An endpoint that hears of the ends of jobs and workflows, without its secrets. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly string[];
  /** Null = of whatever queue. */
  readonly queues: readonly string[] | null;
  /** Null = of whatever type. */
  readonly types: readonly string[] | null;
  readonly enabled: boolean;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** Deliveries that failed in a row, and since when. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly previousSecretExpiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What may be edited of it. */
export type WebhookSettings = Pick<Webhook, 'url' | 'description' | 'events' | 'queues' | 'types'>;

/** Names a version of what may be edited: the same settings, the same ETag. */
export function etagOf({ url, description, events, queues, types }: WebhookSettings): string {
  const hash = createHash('sha256').update(JSON.stringify({ url, description, events, queues, types }));
  return `"${hash.digest('base64url').slice(0, 16)}"`;
}

/**
 * Refuses an endpoint that hears of more than the queues that are the caller's; workflows may be in all of them.
 * @throws DomainError forbidden
 */
export function refuseForeign({ events, queues }: Pick<WebhookSettings, 'events' | 'queues'>): void {
  const isOfJobs = events.every((event) => event.startsWith('job.'));
  for (const queue of (isOfJobs ? queues : null) ?? [undefined]) refuseQueue(queue);
}

/** What is put on record of it. Of the URL no more than where it leads: its path may be all that it takes to write there. */
export function factsOf({ url, description, events, queues, types }: WebhookSettings) {
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return { url: `${new URL(url).origin} (sha256 ${digest})`, description, events, queues, types };
}
