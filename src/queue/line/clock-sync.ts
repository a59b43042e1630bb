import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { Postgres } from '../../database/index.js';

/** The monotonic clock stands still while a machine sleeps; after this time (ms) that is made good. */
const SYNC_EVERY_MS = 10_000;

/** Keeps this process's idea of the database's time right. */
@Injectable()
export class ClockSync implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly postgres: Postgres,
    private readonly clock: DatabaseClock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sync(), SYNC_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async sync(): Promise<void> {
    try {
      const { rows } = await this.postgres.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      if (rows[0]) this.clock.set(rows[0].now);
    } catch {
      // The clock goes on by itself, and others report that the database is away.
    }
  }
}
