import {
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { durabilityFaults } from './durability.js';
import { Pooler, remedyFor } from './pooler.js';
import { PoolerModule } from './pooler.module.js';
import { Postgres } from './postgres.js';
import { untilItSucceeds } from './until-it-succeeds.js';

const NO_DIRECT_CONNECTION =
  'There is no direct connection to PostgreSQL, so workers look for jobs every 250 ms instead of being told, and a dead worker is noticed by its silence alone';

/** Says at the start of a process what of the database its operator should change. */
@Injectable()
export class StartWarnings implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly durability = new Logger('Durability');
  private readonly connection = new Logger(Pooler.name);
  private giveUps: (() => void)[] = [];

  constructor(
    private readonly postgres: Postgres,
    private readonly pooler: Pooler,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.giveUps = [() => this.warnUnlessDurable(), () => this.warnUnlessDirect()].map(untilItSucceeds);
  }

  onApplicationShutdown(): void {
    for (const giveUp of this.giveUps) giveUp();
  }

  private async warnUnlessDurable(): Promise<void> {
    for (const { says, fix } of await durabilityFaults(this.postgres)) {
      this.durability.error(
        `ACCEPTED JOBS CAN BE LOST when this PostgreSQL crashes: ${says}. Change it: ${fix}`,
      );
    }
  }

  private async warnUnlessDirect(): Promise<void> {
    if (await this.pooler.hasDirectConnection()) return;
    this.connection.warn(`${NO_DIRECT_CONNECTION}: ${remedyFor(this.config)}`);
  }
}

@Module({ imports: [PoolerModule], providers: [StartWarnings] })
export class StartWarningsModule {}
