import { setTimeout as pause } from 'node:timers/promises';
import { query } from '../arena/arena.js';
import { COUNT_UNFINISHED } from '../verdict/facts.sql.js';

const EVERY_MS = 500;

/** Clients that see so many jobs wait bring no more: faults are to strike work, not an ever longer line. */
const MOST_UNFINISHED = 1_000;

/** Looks how many jobs have not ended. */
export class Backlog {
  private unfinished = 0;
  private stopped = false;

  constructor(private readonly url: string) {}

  get isFull(): boolean {
    return this.unfinished >= MOST_UNFINISHED;
  }

  /** Looks again and again until it is told to stop. */
  async watch(): Promise<void> {
    while (!this.stopped) {
      const rows = await query<{ count: number }>(this.url, COUNT_UNFINISHED).catch(() => undefined);
      this.unfinished = rows?.[0]?.count ?? this.unfinished;
      await pause(EVERY_MS);
    }
  }

  stop(): void {
    this.stopped = true;
  }
}
