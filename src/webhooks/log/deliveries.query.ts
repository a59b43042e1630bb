import { Injectable } from '@nestjs/common';
import { DomainError, invalid, isUuid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import type { Delivery } from './delivery.js';
import { SELECT_DELIVERIES_ABOUT, SELECT_DELIVERIES_TO, SELECT_DELIVERY } from './deliveries.sql.js';
import type { ListDeliveriesRequest } from './delivery.response.js';

const DEFAULT_LIMIT = 50;

/** Some deliveries, and where to go on. */
interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly nextCursor: string | null;
}

/** Reads the log of deliveries. */
@Injectable()
export class DeliveriesQuery {
  constructor(private readonly postgres: Postgres) {}

  /** Those to an endpoint, the newest first. @throws DomainError invalid_cursor */
  toWebhook(id: string, request: ListDeliveriesRequest): Promise<DeliveryPage> {
    return this.page(SELECT_DELIVERIES_TO, id, request);
  }

  /** Those that tell of a job or a workflow, the newest first. @throws DomainError invalid_cursor */
  about(id: string, request: ListDeliveriesRequest): Promise<DeliveryPage> {
    return this.page(SELECT_DELIVERIES_ABOUT, id, request);
  }

  /** @throws DomainError delivery_not_found */
  async get(id: string): Promise<Delivery> {
    const { rows } = await this.postgres.query<Delivery>(SELECT_DELIVERY, [id]);
    return rows[0] ?? noDelivery(id);
  }

  private async page(
    statement: string,
    id: string,
    { limit = DEFAULT_LIMIT, cursor }: ListDeliveriesRequest,
  ): Promise<DeliveryPage> {
    const before = cursor === undefined ? null : decode(cursor);
    const { rows } = await this.postgres.query<Delivery>(statement, [id, before, limit + 1]);
    const deliveries = rows.slice(0, limit);
    const last = rows.length > limit ? deliveries.at(-1) : undefined;
    return { deliveries, nextCursor: last ? encode(last) : null };
  }
}

/** @throws DomainError delivery_not_found */
export function noDelivery(id: string): never {
  throw new DomainError(
    'delivery_not_found',
    `There is no delivery "${id}" of this webhook. GET /webhooks/{webhook_id}/deliveries lists them.`,
  );
}

function encode({ id }: Delivery): string {
  return Buffer.from(id).toString('base64url');
}

function decode(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (isUuid(id)) return id;
  const detail = 'This cursor is not one that this address gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
