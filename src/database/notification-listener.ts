import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { messageOf } from '../common/index.js';
import { type Config } from '../config/index.js';
import { connectionName, sessionConnection } from './connection.js';
import type { Pooler } from './pooler.js';
import type { Session } from './postgres.js';
import { TimedClient } from './timed-client.js';

const HEARTBEAT_MS = 5_000;
/** The first try comes at once: whoever holds something by this connection is missed until it is back. */
const SECOND_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** A server that hangs never says goodbye, and whoever stops waits for us. */
const LONGEST_CLOSE_MS = 1_000;

/** What a listener is told. */
export interface NotificationSubscriber {
  onNotification(payload: string): void;
  /** LISTEN is in force, for the first time or again: what was sent before may have been missed. */
  onListening(): void;
  /** Has a new connection before it listens, and every 5 s: for what a session holds. */
  keep?(session: Session): Promise<void>;
  /** There is no direct connection, so nothing will ever be heard: look for yourself. */
  onDeaf(): void;
}

/** One connection that LISTENs on one channel and comes back by itself when it is lost. */
export class NotificationListener {
  private readonly logger = new Logger(NotificationListener.name);
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly channel: string,
    private readonly subscriber: NotificationSubscriber,
    private readonly pooler: Pooler,
  ) {}

  /** Starts listening; a database that is away is tried again until `stop`. */
  async start(): Promise<void> {
    await this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const client = this.client;
    this.client = undefined;
    client?.removeAllListeners();
    client?.on('error', () => undefined);
    const ended = client?.end().catch(() => undefined);
    await Promise.race([ended, pause(LONGEST_CLOSE_MS, undefined, { ref: false })]);
  }

  private async connect(): Promise<void> {
    const client = new TimedClient(sessionConnection(this.config, connectionName(this.config, 'listen')));
    this.client = client;
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client, new Error('the connection ended')));
    client.on('notification', ({ payload }) => this.subscriber.onNotification(payload ?? ''));
    try {
      if (!(await this.pooler.hasDirectConnection())) {
        this.subscriber.onDeaf();
        return;
      }
      await client.connect();
      await this.subscriber.keep?.(client);
      await client.query(`LISTEN ${pg.escapeIdentifier(this.channel)}`);
    } catch (error) {
      this.reconnect(client, error);
      return;
    }
    if (this.client !== client) return;
    if (this.failures > 0) this.logger.log('Listening for notices again');
    this.failures = 0;
    this.timer = setTimeout(() => void this.beat(client), HEARTBEAT_MS);
    this.subscriber.onListening();
  }

  /** A half-open connection looks alive for minutes; only an answer proves that notifications still arrive. */
  private async beat(client: pg.Client): Promise<void> {
    if (this.client !== client) return;
    try {
      await client.query('SELECT 1');
      await this.subscriber.keep?.(client);
      if (this.client === client) this.timer = setTimeout(() => void this.beat(client), HEARTBEAT_MS);
    } catch (error) {
      this.reconnect(client, error);
    }
  }

  private reconnect(client: pg.Client, error: unknown): void {
    if (this.stopped || this.client !== client) return;
    this.client = undefined;
    clearTimeout(this.timer);
    void client.end().catch(() => undefined);
    if (this.failures === 0) this.logger.warn(`Lost the connection for notices: ${messageOf(error)}`);
    this.timer = setTimeout(() => void this.connect(), this.nextDelay());
    this.failures += 1;
  }

  /** Milliseconds; spread, so that a server that comes back is not met by all its clients at once. */
  private nextDelay(): number {
    if (this.failures === 0) return 0;
    const delay = Math.min(LONGEST_RETRY_MS, SECOND_RETRY_MS * 2 ** (this.failures - 1));
    return delay * (0.5 + Math.random() / 2);
  }
}
