import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres } from '../../database/index.js';
import type { Attempt, Verdict } from './attempt.js';
import {
  CANCEL_DELIVERY,
  NOTE_HINDRANCE,
  RECORD_ATTEMPT,
  RECORD_FAILURE,
  RECORD_SUCCESS,
  SELECT_DUE_DELIVERY,
  TAKE_PROBE,
} from './deliveries.sql.js';

/** So many failures in a row, and an endpoint is left alone for a while. */
const FAILURES_BEFORE_HOLD = 5;

/** The longest such while, as a multiple of the first wait between tries. */
const LONGEST_HOLD = 60;

/** Longer (s) than a try takes. */
const PROBE_SECONDS = 20;

/** A delivery and where it goes. */
export interface DueDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly event: string;
  readonly status: 'pending' | 'delivered' | 'failed' | 'cancelled';
  /** Tries so far. */
  readonly attempts: number;
  readonly body: string;
  readonly webhookId: string | null;
  readonly callbackUrl: string | null;
  /** Of the endpoint; null when that was deleted, or there never was one. */
  readonly url: string | null;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  /** Sealed. */
  readonly secret: string | null;
  readonly previousSecret: string | null;
  /** The endpoint has failed so often that it is left alone. */
  readonly isHeld: boolean;
  /** For so long (s) from now on; what is not positive is over. */
  readonly heldFor: number;
  /** For how long (s) the endpoint has been failing. */
  readonly failingFor: number;
}

/** Keeps what became of deliveries, and how endpoints are doing. */
@Injectable()
export class DeliveryStore {
  private readonly firstDelay: number;

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) { webhooks }: Config,
  ) {
    this.firstDelay = webhooks.retryDelays[0] ?? 0;
  }

  async find(id: string): Promise<DueDelivery | undefined> {
    const { rows } = await this.postgres.query<DueDelivery>(SELECT_DUE_DELIVERY, [id]);
    return rows[0];
  }

  /** Whether this one may see if the endpoint works again: one at a time may. */
  async takeProbe(webhookId: string): Promise<boolean> {
    const { rows } = await this.postgres.query(TAKE_PROBE, [webhookId, PROBE_SECONDS]);
    return rows.length > 0;
  }

  /** @param status what the attempt makes of the delivery */
  async record(
    { id }: DueDelivery,
    status: DueDelivery['status'],
    attempt: Attempt,
    { error }: Verdict,
  ): Promise<void> {
    const { status: answered = null, body = null, durationMs } = attempt;
    await this.postgres.query(RECORD_ATTEMPT, [id, status, answered, body, durationMs, error ?? null]);
  }

  /** What keeps it from being tried is nothing that the receiver did. */
  async noteHindrance(id: string, reason: string): Promise<void> {
    await this.postgres.query(NOTE_HINDRANCE, [id, reason]);
  }

  async cancel(id: string, reason: string): Promise<void> {
    await this.postgres.query(CANCEL_DELIVERY, [id, reason]);
  }

  async noteSuccess(webhookId: string): Promise<void> {
    await this.postgres.query(RECORD_SUCCESS, [webhookId]);
  }

  /** @returns for how long (s) the endpoint has been failing */
  async noteFailure(webhookId: string): Promise<number> {
    const { rows } = await this.postgres.query<{ failingFor: number }>(RECORD_FAILURE, [
      webhookId,
      FAILURES_BEFORE_HOLD,
      this.firstDelay,
      this.firstDelay * LONGEST_HOLD,
    ]);
    return rows[0]?.failingFor ?? 0;
  }
}
