import { Injectable } from '@nestjs/common';
import { recordAction } from '../audit-record/index.js';
import { Postgres } from '../database/index.js';
import { QueueService } from '../queue/index.js';
import { GIVE_UP_DELIVERIES } from './log/deliveries.sql.js';
import type { Webhook } from './webhook.js';
import { DISABLE_WEBHOOK, LOCK_WEBHOOK } from './webhooks.sql.js';

/** Deliveries ended in one statement. */
const BATCH = 500;

const NONE = '00000000-0000-0000-0000-000000000000';

/** Takes endpoints out of service, with all that was still to go there. */
@Injectable()
export class WebhookSwitch {
  constructor(
    private readonly postgres: Postgres,
    private readonly queue: QueueService,
  ) {}

  /**
   * From now on it hears of nothing, and nothing waits to be tried there again.
   * @param except a delivery that says itself what becomes of it
   * @returns undefined when there is no such endpoint
   */
  async disable(id: string, reason: string, actor: string, except?: string): Promise<Webhook | undefined> {
    const webhook = await this.postgres.transaction(async (session) => {
      const { rows: before } = await session.query<Webhook>(LOCK_WEBHOOK, [id]);
      const { rows } = await session.query<Webhook>(DISABLE_WEBHOOK, [id, reason]);
      if (before[0]?.enabled) {
        const change = { before: { enabled: true }, after: { enabled: false, reason } };
        await recordAction(session, { action: 'webhook.disable', subject: before[0].id, ...change, actor });
      }
      return rows[0];
    });
    if (webhook) await this.giveUp(id, `The webhook was disabled: ${reason}`, actor, except);
    return webhook;
  }

  /** What is not reached here ends by itself when its time comes: it finds no endpoint that it could go to. */
  async giveUp(id: string, reason: string, actor: string, except = NONE): Promise<void> {
    for (;;) {
      const { rows } = await this.postgres.query<{ id: string }>(GIVE_UP_DELIVERIES, [
        id,
        except,
        reason,
        BATCH,
      ]);
      if (rows.length === 0) return;
      await this.queue.cancel(
        rows.map((row) => row.id),
        actor,
      );
    }
  }
}
