import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres } from '../../database/index.js';
import { SELECT_QUOTAS } from './quotas.sql.js';

/** How long (ms) quotas are believed: a change is heeded everywhere within a second and a moment. */
const FRESH_MS = 1_000;

/** How many jobs may wait in each queue. */
@Injectable()
export class QuotaSettings {
  private quotas: ReadonlyMap<string, number> = new Map();
  private lookedAt = -Infinity;
  private look: Promise<void> | undefined;

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The quota of a queue as it was known a moment ago; undefined = none. Nobody is kept waiting for a look at what has
   * been looked at before, and a database that is away refuses nobody here.
   */
  of(queue: string): number | undefined {
    return this.quotas.get(queue) ?? this.config.jobs.maxWaiting;
  }

  /** Resolves at once, but for the first time. */
  async known(): Promise<void> {
    if (performance.now() - this.lookedAt < FRESH_MS) return;
    this.look ??= this.lookNow().finally(() => (this.look = undefined));
    if (this.lookedAt === -Infinity) await this.look;
  }

  private async lookNow(): Promise<void> {
    const startedAt = performance.now();
    try {
      const { rows } = await this.postgres.query<{ name: string; maxWaiting: number }>(SELECT_QUOTAS);
      this.quotas = new Map(rows.map(({ name, maxWaiting }) => [name, maxWaiting]));
      this.lookedAt = startedAt;
    } catch {
      // Whoever stores jobs meets the same database, and says so.
    }
  }
}
