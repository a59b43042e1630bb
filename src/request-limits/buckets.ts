import { Recent } from '../common/index.js';
import type { HttpRate } from '../config/index.js';

/** More than these are not remembered: of a million addresses, those that have rested longest are forgotten. */
const MOST_CLIENTS = 50_000;

/** How a client stands. Times in milliseconds from now. */
export interface Level {
  readonly isWithin: boolean;
  /** Requests that may come at once. */
  readonly remaining: number;
  /** Until all of them may come again, or when none may come, until the next one may. */
  readonly resetMs: number;
}

/**
 * A bucket for each client, by the generic cell rate algorithm: it holds as many requests as the rate says, and fills up
 * steadily within the period. One number is all that is kept of a client, and none is as good as a full bucket.
 */
export class Buckets {
  private readonly interval: number;
  /** When each is full again (monotonic, ms). */
  private readonly fullAt: Recent<number>;

  constructor(
    private readonly rate: HttpRate,
    most = MOST_CLIENTS,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.interval = rate.periodMs / rate.count;
    this.fullAt = new Recent(most);
  }

  /** Takes one request out of a client's bucket; none when it is empty. */
  take(client: string): Level {
    const now = this.now();
    const fullAt = Math.max(this.fullAt.get(client) ?? now, now);
    const next = fullAt + this.interval;
    const missingMs = next - now;
    // Sums of fractions may be a little too large.
    if (missingMs > this.rate.periodMs + this.interval / 1000) {
      this.fullAt.set(client, fullAt);
      return { isWithin: false, remaining: 0, resetMs: missingMs - this.rate.periodMs };
    }
    this.fullAt.set(client, next);
    const remaining = Math.floor((this.rate.periodMs - missingMs) / this.interval + 0.001);
    return { isWithin: true, remaining, resetMs: remaining > 0 ? missingMs : this.interval };
  }

  /** Puts back what was taken before it was known that it is not this client's. */
  giveBack(client: string): void {
    const fullAt = this.fullAt.get(client);
    if (fullAt !== undefined) this.fullAt.set(client, fullAt - this.interval);
  }
}
