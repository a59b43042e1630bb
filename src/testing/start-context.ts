import {
  type DynamicModule,
  type INestApplicationContext,
  type LoggerService,
  Module,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { inMemoryArtifacts } from '../artifacts/index.js';
import { DatabaseClock } from '../common/index.js';
import { CONFIG, resolveConfig } from '../config/index.js';
import { inMemoryQueue } from '../queue/index.js';
import { STAND_IN_MANAGER, inMemoryWorker } from '../worker/index.js';
import { JobReports } from './job-report.js';
import { TestClock } from './test-clock.js';

/** What a test kit is started with. */
export interface TestKitOptions {
  /** The handlers, custom backoff strategies and whatever else they are to be given. */
  readonly providers: readonly Provider[];
  /** What the clock shows at first, and after a reset. Default: the present time. */
  readonly now?: string | Date;
  /** Variables of README's table, as the service would be started with. Your own environment is not read. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What `job.transaction(fn)` hands to `fn`; without it, transactions fail and say so. */
  readonly manager?: Partial<EntityManager>;
  /** Where Nest's loggers write, your handlers' among them. Default: nowhere. */
  readonly logger?: LoggerService;
}

@Module({})
class TestKitModule {}

/** Everything a handler needs but a database, as one module. */
export function startContext(options: TestKitOptions, clock: TestClock): Promise<INestApplicationContext> {
  const module: DynamicModule = {
    module: TestKitModule,
    imports: [DiscoveryModule],
    providers: [
      { provide: CONFIG, useFactory: () => resolveConfig({ ...options.settings }) },
      { provide: TestClock, useValue: clock },
      { provide: DatabaseClock, useExisting: TestClock },
      ...inMemoryQueue,
      ...inMemoryArtifacts,
      ...inMemoryWorker,
      JobReports,
      ...(options.manager ? [{ provide: STAND_IN_MANAGER, useValue: options.manager }] : []),
      ...options.providers,
    ],
  };
  return NestFactory.createApplicationContext(module, {
    logger: options.logger ?? false,
    abortOnError: false,
  });
}
