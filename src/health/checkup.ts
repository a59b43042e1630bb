import { Injectable } from '@nestjs/common';
import { HealthCheckService } from '@nestjs/terminus';
import { DatabaseIndicator } from './database.indicator.js';
import { MigrationsIndicator } from './migrations.indicator.js';
import { QueueIndicator } from './queue.indicator.js';
import { WorkerIndicator } from './worker.indicator.js';

/** Looks at everything that can be ill. */
@Injectable()
export class Checkup {
  /** @throws ServiceUnavailableException with what is down, in Terminus' shape */
  readonly everything = shared(() =>
    this.checks.check([() => this.database.check(), () => this.queue.check(), () => this.worker.check()]),
  );

  /** What this process cannot serve without. @throws ServiceUnavailableException */
  readonly essentials = shared(() =>
    this.checks.check([() => this.database.check(), () => this.migrations.check()]),
  );

  constructor(
    private readonly checks: HealthCheckService,
    private readonly database: DatabaseIndicator,
    private readonly queue: QueueIndicator,
    private readonly worker: WorkerIndicator,
    private readonly migrations: MigrationsIndicator,
  ) {}
}

/** Anybody may ask, and as often as they like: those who ask at the same time share one look. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
