import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DatabaseClock, DomainError, isUuid } from '../../common/index.js';
import { recordAction } from '../../audit-record/index.js';
import { Postgres } from '../../database/index.js';
import { type NewDelivery, WebhookEvents, bodyOf } from '../../queue/index.js';
import { TEST_EVENT } from '../delivery/deliver-webhook.handler.js';
import type { Webhook } from '../webhook.js';
import { SELECT_REPEATABLE } from './deliveries.sql.js';
import { DeliveriesQuery, noDelivery } from './deliveries.query.js';
import type { Delivery } from './delivery.js';

interface Repeatable {
  readonly eventId: string;
  readonly event: string;
  readonly subjectId: string | null;
  readonly body: string;
}

/** Sends an endpoint what somebody wants it to have: a test, or once more what it has had. */
@Injectable()
export class ResendService {
  constructor(
    private readonly postgres: Postgres,
    private readonly events: WebhookEvents,
    private readonly deliveries: DeliveriesQuery,
    private readonly clock: DatabaseClock,
  ) {}

  /** Sends a test, also to an endpoint that is disabled. */
  test({ id }: Webhook): Promise<Delivery> {
    const at = new Date(this.clock.now());
    const data = {
      webhook_id: id,
      message: 'This is a test: events look like this, and are signed like this.',
    };
    return this.send('webhook.test', id, {
      event: { id: `evt_${randomUUID().replaceAll('-', '')}`, type: TEST_EVENT, subject: null },
      body: bodyOf({ type: TEST_EVENT, at, data }),
    });
  }

  /**
   * Sends an event once more: the same bytes under the same `webhook-id`.
   * @throws DomainError delivery_not_found, webhook_disabled
   */
  async resend({ id, enabled }: Webhook, deliveryId: string): Promise<Delivery> {
    const { rows } = isUuid(deliveryId)
      ? await this.postgres.query<Repeatable>(SELECT_REPEATABLE, [id, deliveryId])
      : { rows: [] };
    const { eventId, event, subjectId, body } = rows[0] ?? noDelivery(deliveryId);
    if (!enabled && event !== TEST_EVENT) {
      throw new DomainError(
        'webhook_disabled',
        `Webhook ${id} is disabled, and nothing but tests goes there: enable it first by POST /webhooks/${id}/enable`,
      );
    }
    return this.send('webhook.resend', id, { event: { id: eventId, type: event, subject: subjectId }, body });
  }

  private async send(
    action: 'webhook.test' | 'webhook.resend',
    webhookId: string,
    delivery: Omit<NewDelivery, 'target'>,
  ): Promise<Delivery> {
    const target = { webhookId, callbackUrl: null };
    const after = { event: delivery.event.type, webhook_event_id: delivery.event.id };
    const id = await this.postgres.transaction(async (session) => {
      await recordAction(session, { action, subject: webhookId, after });
      return this.events.send(session, { ...delivery, target });
    });
    return this.deliveries.get(id);
  }
}
