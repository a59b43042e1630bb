import { Injectable } from '@nestjs/common';
import { IdGenerator, portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { JobStore } from '../enqueue/job-store.js';
import { resolveJob } from '../enqueue/new-job.js';
import type { Job } from '../job.entity.js';
import { JobTypes } from '../job-types.js';
import { Engine } from '../line/engine.js';
import { lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import {
  DELIVERY_QUEUE,
  DELIVERY_TYPE,
  type Listener,
  type Target,
  type WebhookEvent,
  bodyOf,
  targetsOf,
} from './webhook-event.js';
import { INSERT_DELIVERIES, SELECT_LISTENERS } from './webhook-events.sql.js';

/** A build without the handler still writes deliveries, for workers of other builds. */
const TYPE_WITHOUT_HANDLER = { type: DELIVERY_TYPE, queue: DELIVERY_QUEUE, maxAttempts: null };

/** As much of a name fits a limit key. */
const LONGEST_LIMIT_KEY = 255;

/** One event on its way to one target. */
export interface NewDelivery {
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string | null;
    /** Default: the trace in which it is sent. */
    readonly traceParent?: string | null;
  };
  readonly target: Target;
  readonly body: string;
}

/** Tells endpoints and callbacks what has happened, by jobs that are enqueued in the transaction in which it happens. */
@Injectable()
export class WebhookEvents {
  constructor(
    private readonly store: JobStore,
    private readonly engine: Engine,
    private readonly types: JobTypes,
    private readonly ids: IdGenerator,
    private readonly tickets: Tickets,
  ) {}

  /**
   * Tells of events whoever wants to hear of them.
   * @returns the jobs that deliver them; whoever is `ticketed` is owed a ticket
   */
  async publish(session: Session, events: readonly WebhookEvent[]): Promise<Job[]> {
    if (events.length === 0) return [];
    const { rows: listeners } = await session.query<Listener>(SELECT_LISTENERS);
    const deliveries = events.flatMap((event) => {
      const body = bodyOf(event);
      return targetsOf(event, listeners).map((target) => ({ event, target, body }));
    });
    return this.deliver(session, deliveries);
  }

  /** Delivers what somebody has asked for. @returns the delivery's id */
  async send(session: Session, delivery: NewDelivery): Promise<string> {
    const [job] = await this.deliver(session, [delivery]);
    if (!job) throw new Error('The delivery was not stored');
    await lineUp(session, this.tickets, { created: [job] });
    return job.id;
  }

  /** Writes deliveries down and enqueues the jobs that make them. */
  private async deliver(session: Session, deliveries: readonly NewDelivery[]): Promise<Job[]> {
    if (deliveries.length === 0) return [];
    await this.engine.ensureQueue(DELIVERY_QUEUE);
    const made: Job[] = [];
    for (const portion of portions(deliveries)) {
      const jobs = portion.map(({ event, target }) => this.jobOf(event, target));
      await session.query(INSERT_DELIVERIES, [
        jobs.map(({ id }) => id),
        portion.map(({ event }) => event.id),
        portion.map(({ event }) => event.type),
        portion.map(({ event }) => event.subject),
        portion.map(({ target }) => target.webhookId),
        portion.map(({ target }) => target.callbackUrl),
        portion.map(({ body }) => body),
      ]);
      made.push(...(await this.store.insert(session, jobs)));
    }
    return made;
  }

  /** The delivery itself stands in webhook_deliveries, under the job's id. */
  private jobOf({ id, type: event, traceParent }: NewDelivery['event'], target: Target) {
    const type = this.types.find(DELIVERY_TYPE) ?? TYPE_WITHOUT_HANDLER;
    const payload = { event, event_id: id, webhook_id: target.webhookId };
    const job = { type: DELIVERY_TYPE, payload, queue: DELIVERY_QUEUE, limitKey: receiverOf(target) };
    const traced = traceParent === undefined ? job : { ...job, traceParent };
    return resolveJob(traced, type, () => this.ids.next());
  }
}

/**
 * Whose share of the limits of the queue a delivery takes: callbacks are told apart by their hosts. What somebody wrote
 * into a row by hand must not keep the job from ending.
 */
function receiverOf({ webhookId, callbackUrl }: Target): string {
  if (webhookId !== null) return webhookId;
  const host = URL.parse(callbackUrl)?.hostname ?? '';
  return host === '' ? 'callbacks' : host.slice(0, LONGEST_LIMIT_KEY);
}
