import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { now } from '../clock.js';

const EVERY_MS = 100;
const PATIENCE_MS = 1_000;

/** Asks the database again and again whether it is there, from a connection that no fault cuts. */
export class DatabaseWatch {
  /** When it did not answer. */
  readonly outages: { from: number; to: number }[] = [];
  private client: pg.Client | undefined;
  private stopped = false;
  private watching: Promise<void> | undefined;

  constructor(private readonly url: string) {}

  start(): void {
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
    await this.client?.end().catch(() => undefined);
  }

  private async watch(): Promise<void> {
    let answeredAt = now();
    let isDown = false;
    while (!this.stopped) {
      if (await this.answers()) {
        if (isDown) this.outages.push({ from: answeredAt, to: now() });
        isDown = false;
        answeredAt = now();
      } else isDown = true;
      await pause(EVERY_MS);
    }
    if (isDown) this.outages.push({ from: answeredAt, to: Infinity });
  }

  private async answers(): Promise<boolean> {
    try {
      this.client ??= await this.connect();
      await this.client.query('SELECT 1');
      return true;
    } catch {
      void this.client?.end().catch(() => undefined);
      this.client = undefined;
      return false;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      application_name: 'chaos watch',
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}
