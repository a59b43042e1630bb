import { Inject, Logger } from '@nestjs/common';
import { messageOf } from '../../common/index.js';
import { Text } from '../../common/http/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { DELIVERY_QUEUE, DELIVERY_TYPE } from '../../queue/index.js';
import { CancelJob, type JobContext, JobHandler, PermanentFailure, RetryLater } from '../../worker/index.js';
import { WebhookSwitch } from '../webhook-switch.js';
import { type Attempt, type Verdict, verdictOf } from './attempt.js';
import { type DueDelivery, DeliveryStore } from './delivery-store.js';
import { nextDelay, turnIn } from './schedule.js';
import { SigningSecrets } from './signing-secrets.js';
import { WebhookSender } from './webhook-sender.js';

/** An endpoint that has failed for so long (s) is disabled. */
const LONGEST_FAILURE = 5 * 86_400;

/** The event of tests, which are tried once, and also where nothing else goes. */
export const TEST_EVENT = 'webhook.test';

/** For those who read the job: the delivery itself stands in webhook_deliveries, under the job's id. */
export class DeliverWebhookPayload {
  @Text({ description: 'What it tells of.', maxLength: 100, example: 'job.completed' })
  event: string;

  @Text({ description: 'The id of the event: `webhook-id`.', maxLength: 100, optional: true, nullable: true })
  event_id?: string | null;

  @Text({ description: 'The endpoint; null = a callback.', maxLength: 36, optional: true, nullable: true })
  webhook_id?: string | null;
}

/** Makes one delivery: each run is one try, and says when the next one is. */
@JobHandler({
  type: DELIVERY_TYPE,
  queue: DELIVERY_QUEUE,
  description: 'Delivers an event to a webhook. Enqueued with the event and of no use by hand.',
  isInternal: true,
  payload: DeliverWebhookPayload,
  example: { event: 'job.completed' },
  // Tries are counted by the delivery; what fails an attempt here has to do with our own database.
  policy: ({ jobs }) => ({
    maxAttempts: null,
    backoff: { strategy: 'exponential', baseDelay: 1, maxDelay: 300, jitter: jobs.jitter },
    timeoutSeconds: 60,
  }),
})
export class DeliverWebhookHandler {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly store: DeliveryStore,
    private readonly sender: WebhookSender,
    private readonly secrets: SigningSecrets,
    private readonly webhooks: WebhookSwitch,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(job: JobContext<DeliverWebhookPayload>): Promise<object> {
    const delivery = await this.store.find(job.jobId);
    if (!delivery)
      throw new CancelJob('There is nothing to deliver: events are delivered by jobs of their own');
    // Its worker died before the job could be ended.
    if (delivery.status === 'delivered') return { delivered: true, attempts: delivery.attempts };
    const url = await this.targetOf(delivery);
    await this.waitForTurn(delivery);
    const attempt = await this.attempt(delivery, url, job.signal);
    return this.conclude(delivery, attempt);
  }

  /** @throws CancelJob when there is nobody any more who wants to hear of it */
  private async targetOf(delivery: DueDelivery): Promise<string> {
    const { callbackUrl, url, enabled, event, disabledReason } = delivery;
    if (callbackUrl !== null) return callbackUrl;
    if (url !== null && (enabled || event === TEST_EVENT)) return url;
    const reason =
      url === null ? 'The webhook was deleted' : `The webhook was disabled: ${disabledReason ?? ''}`;
    await this.store.cancel(delivery.id, reason);
    throw new CancelJob(reason);
  }

  /** Of the deliveries to an endpoint that keeps failing, one at a time is tried; the others take no worker's time. */
  private async waitForTurn(delivery: DueDelivery): Promise<void> {
    const { webhookId, isHeld, heldFor, event } = delivery;
    if (!isHeld || webhookId === null || event === TEST_EVENT) return;
    if (heldFor <= 0 && (await this.store.takeProbe(webhookId))) return;
    const [firstDelay = 1] = this.config.webhooks.retryDelays;
    const seconds = turnIn(delivery, firstDelay) * (1 + Math.random() / 10);
    throw new RetryLater(seconds, 'The webhook keeps failing: it is left alone for now');
  }

  private async attempt(delivery: DueDelivery, url: string, signal: AbortSignal): Promise<Attempt> {
    const { eventId, body } = delivery;
    const secrets = await this.secretsOf(delivery);
    return this.sender.send({ url, eventId, body, secrets, signal });
  }

  /** @throws when this worker cannot sign: nothing is sent unsigned */
  private async secretsOf(delivery: DueDelivery): Promise<string[]> {
    try {
      return await this.secrets.of(delivery);
    } catch (error) {
      await this.store.noteHindrance(delivery.id, messageOf(error));
      throw error;
    }
  }

  private async conclude(delivery: DueDelivery, attempt: Attempt): Promise<object> {
    const verdict = verdictOf(attempt, Date.now());
    const attempts = delivery.attempts + 1;
    if (verdict.error === undefined) {
      await this.store.record(delivery, 'delivered', attempt, verdict);
      if (delivery.webhookId !== null) await this.store.noteSuccess(delivery.webhookId);
      return { delivered: true, status: attempt.status, attempts };
    }
    if (delivery.event === TEST_EVENT) {
      await this.store.record(delivery, 'failed', attempt, verdict);
      return { delivered: false, status: attempt.status ?? null, attempts, error: verdict.error };
    }
    throw await this.failed(delivery, attempt, { ...verdict, error: verdict.error });
  }

  /** What becomes of a delivery whose try has failed. */
  private async failed(
    delivery: DueDelivery,
    attempt: Attempt,
    verdict: Verdict & { readonly error: string },
  ): Promise<Error> {
    const { retryDelays: delays } = this.config.webhooks;
    const { jitter } = this.config.jobs;
    const { error, waitAsked, isGone = false } = verdict;
    const tries = delivery.attempts + 1;
    const delay = isGone ? undefined : nextDelay({ delays, jitter }, tries, waitAsked, Math.random());
    await this.store.record(delivery, delay === undefined ? 'failed' : 'pending', attempt, verdict);
    await this.noteFailure(delivery, isGone);
    return delay === undefined
      ? new PermanentFailure(`${error} (try ${tries}, the last one)`)
      : new RetryLater(delay, error);
  }

  private async noteFailure({ id, webhookId }: DueDelivery, isGone: boolean): Promise<void> {
    if (webhookId === null) return;
    const failingFor = await this.store.noteFailure(webhookId);
    if (!isGone && failingFor < LONGEST_FAILURE) return;
    const reason = isGone
      ? 'the receiver answered 410 Gone'
      : `no delivery has succeeded for ${Math.floor(failingFor / 86_400)} days`;
    const disabled = await this.webhooks.disable(webhookId, reason, DELIVERY_TYPE, id);
    if (disabled) this.logger.warn(`Webhook ${webhookId} was disabled: ${reason}`);
  }
}
