import { Inject, Injectable } from '@nestjs/common';
import { type ActionName, changesBetween, queryOnRecord, recordAction } from '../audit-record/index.js';
import { DomainError, IdGenerator, currentActor, invalid } from '../common/index.js';
import { requireMatch } from '../common/http/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { type EgressRules, webhookRules } from '../egress/index.js';
import { SecretBox } from './secrets/secret-box.js';
import { newSecret } from './secrets/signature.js';
import type { CreateWebhookRequest, DisableWebhookRequest, EditWebhookRequest } from './webhook.dto.js';
import { type Webhook, type WebhookSettings, etagOf, factsOf, refuseForeign } from './webhook.js';
import { WebhookSwitch } from './webhook-switch.js';
import { WebhooksQuery, noWebhook } from './webhooks.query.js';
import {
  DELETE_WEBHOOK,
  ENABLE_WEBHOOK,
  INSERT_WEBHOOK,
  LOCK_WEBHOOK,
  ROTATE_SECRET,
  UPDATE_WEBHOOK,
} from './webhooks.sql.js';
import { FORGET_DELIVERIES_TO } from './log/deliveries.sql.js';

/** Every end of a job looks at all of them. */
const MOST_WEBHOOKS = 100;

const FORGOTTEN_AT_ONCE = 5_000;

const DAY_SECONDS = 86_400;

/** An endpoint with its new secret, which nobody can ask for again. */
export interface Unveiled {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Creates endpoints and changes them. */
@Injectable()
export class WebhooksService {
  private readonly rules: EgressRules;

  constructor(
    private readonly postgres: Postgres,
    private readonly webhooks: WebhooksQuery,
    private readonly box: SecretBox,
    private readonly switches: WebhookSwitch,
    private readonly ids: IdGenerator,
    @Inject(CONFIG) config: Config,
  ) {
    this.rules = webhookRules(config);
  }

  /** @throws DomainError validation_failed, too_many_webhooks, secrets_key_unavailable */
  async create(request: CreateWebhookRequest): Promise<Unveiled> {
    const { url, description = null, events } = request;
    this.refuseUrl(url);
    refuseForeign({ events, queues: filterOf(request.queues) });
    const id = this.ids.next();
    const secret = newSecret();
    const sealed = await this.box.seal(secret, id);
    const filters = [filterOf(request.queues), filterOf(request.types)];
    const values = [id, url, description, events, ...filters, sealed, currentActor(), MOST_WEBHOOKS];
    const facts = factsOf({
      url,
      description,
      events,
      queues: filters[0] ?? null,
      types: filters[1] ?? null,
    });
    const done = { action: 'webhook.create', subject: id, after: facts } as const;
    const [webhook] = await queryOnRecord<Webhook>(this.postgres, INSERT_WEBHOOK, values, done);
    if (webhook) return { webhook, secret };
    throw new DomainError(
      'too_many_webhooks',
      `There are ${MOST_WEBHOOKS} webhooks, and there can be no more: delete one that is not needed`,
    );
  }

  /**
   * Changes the settings of an endpoint.
   * @param ifMatch the ETag of the settings that the caller has read
   * @throws DomainError webhook_not_found, validation_failed, precondition_required, precondition_failed
   */
  async edit(id: string, request: EditWebhookRequest, ifMatch: string | undefined): Promise<Webhook> {
    if (request.url !== undefined) this.refuseUrl(request.url);
    await this.webhooks.get(id);
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<Webhook>(LOCK_WEBHOOK, [id]);
      const present = rows[0] ?? noWebhook(id);
      requireMatch(ifMatch, etagOf(present));
      const next = edited(present, request);
      const { url, description, events, queues, types } = next;
      refuseForeign({ events, queues });
      const values = [id, url, description, events, queues, types];
      const { rows: changed } = await session.query<Webhook>(UPDATE_WEBHOOK, values);
      const changes = changesBetween(factsOf(present), factsOf(next));
      await recordAction(session, { action: 'webhook.edit', subject: present.id, ...changes });
      return changed[0] ?? noWebhook(id);
    });
  }

  /**
   * Gives an endpoint another secret.
   * @param keepOldFor seconds for which the old one signs too
   * @throws DomainError webhook_not_found, secrets_key_unavailable
   */
  async rotate(id: string, keepOldFor = DAY_SECONDS): Promise<Unveiled> {
    await this.webhooks.get(id);
    const secret = newSecret();
    const sealed = await this.box.seal(secret, id.toLowerCase());
    const webhook = await this.write('webhook.rotate_secret', ROTATE_SECRET, id, [sealed, keepOldFor]);
    return { webhook, secret };
  }

  /** @throws DomainError webhook_not_found */
  async enable(id: string): Promise<Webhook> {
    await this.webhooks.get(id);
    return this.write('webhook.enable', ENABLE_WEBHOOK, id, []);
  }

  /** @throws DomainError webhook_not_found */
  async disable(id: string, { reason = 'by hand' }: DisableWebhookRequest): Promise<Webhook> {
    await this.webhooks.get(id);
    return (await this.switches.disable(id, reason, currentActor())) ?? noWebhook(id);
  }

  /** Deletes an endpoint with the log of its deliveries; those that are still to be made are cancelled. @throws DomainError webhook_not_found */
  async delete(id: string): Promise<void> {
    await this.webhooks.get(id);
    await this.switches.disable(id, 'it is being deleted', currentActor());
    await this.write('webhook.delete', DELETE_WEBHOOK, id, []);
    let forgotten: number | null;
    do {
      ({ rowCount: forgotten } = await this.postgres.query(FORGET_DELIVERIES_TO, [id, FORGOTTEN_AT_ONCE]));
    } while (forgotten === FORGOTTEN_AT_ONCE);
  }

  private async write(
    action: ActionName,
    statement: string,
    id: string,
    values: unknown[],
  ): Promise<Webhook> {
    const done = { action, subject: id.toLowerCase() };
    const [webhook] = await queryOnRecord<Webhook>(this.postgres, statement, [id, ...values], done);
    return webhook ?? noWebhook(id);
  }

  private refuseUrl(url: string): void {
    const fault = this.rules.faultOf(url);
    if (fault === undefined) return;
    throw invalid('validation_failed', [{ pointer: '/url', detail: `url ${fault}`, code: 'is_allowed_url' }]);
  }
}

function edited(present: WebhookSettings, request: EditWebhookRequest): WebhookSettings {
  const { url = present.url, description = present.description, events = present.events } = request;
  return {
    url,
    description,
    events,
    queues: request.queues === undefined ? present.queues : filterOf(request.queues),
    types: request.types === undefined ? present.types : filterOf(request.types),
  };
}

/** An empty list asks for nothing in particular. */
function filterOf(words: readonly string[] | null | undefined): readonly string[] | null {
  return words && words.length > 0 ? [...new Set(words)] : null;
}
