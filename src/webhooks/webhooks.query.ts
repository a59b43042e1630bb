import { Injectable } from '@nestjs/common';
import { DomainError, isUuid } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { type Webhook, refuseForeign } from './webhook.js';
import { SELECT_WEBHOOK, SELECT_WEBHOOKS } from './webhooks.sql.js';

/** Reads endpoints. */
@Injectable()
export class WebhooksQuery {
  constructor(private readonly postgres: Postgres) {}

  /** Every endpoint, the newest first. */
  async list(): Promise<Webhook[]> {
    return (await this.postgres.query<Webhook>(SELECT_WEBHOOKS)).rows;
  }

  /** @throws DomainError webhook_not_found, forbidden */
  async get(id: string): Promise<Webhook> {
    const { rows } = isUuid(id) ? await this.postgres.query<Webhook>(SELECT_WEBHOOK, [id]) : { rows: [] };
    const webhook = rows[0] ?? noWebhook(id);
    refuseForeign(webhook);
    return webhook;
  }
}

/** @throws DomainError webhook_not_found */
export function noWebhook(id: string): never {
  throw new DomainError('webhook_not_found', `There is no webhook "${id}". GET /webhooks lists them.`);
}
