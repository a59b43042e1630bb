import { Inject, Injectable } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { CONFIG, type Config } from '../config/index.js';
import { DatabaseIndicator } from './database.indicator.js';
import { MigrationsIndicator } from './migrations.indicator.js';
import { QueueIndicator } from './queue.indicator.js';
import { forStrangers } from './told.js';
import { WorkerIndicator } from './worker.indicator.js';

/** Looks at everything that can be ill. */
@Injectable()
export class Checkup {
  /** @throws ServiceUnavailableException with what is down, in Terminus' shape */
  readonly everything = shared(() =>
    this.told([() => this.database.check(), () => this.queue.check(), () => this.worker.check()]),
  );

  /** What this process cannot serve without. @throws ServiceUnavailableException */
  readonly essentials = shared(() => this.told([() => this.database.check(), () => this.migrations.check()]));

  constructor(
    private readonly checks: HealthCheckService,
    private readonly database: DatabaseIndicator,
    private readonly queue: QueueIndicator,
    private readonly worker: WorkerIndicator,
    private readonly migrations: MigrationsIndicator,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Health asks nobody for a key. */
  private told(looks: Parameters<HealthCheckService['check']>[0]): Promise<HealthCheckResult> {
    const look = this.checks.check(looks);
    return this.config.http.authMode === 'open' ? look : forStrangers(look);
  }
}

/** Anybody may ask, and as often as they like: those who ask at the same time share one look. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
