import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { LivenessModule } from '../worker/index.js';
import { AdminStatsController } from './admin-stats.controller.js';
import { AdminStatsQuery } from './admin-stats.query.js';
import { DurationsQuery } from './durations.query.js';
import { StatsController } from './stats.controller.js';
import { StatsQuery } from './stats.query.js';

/** Figures over HTTP. */
@Module({
  imports: [QueueModule, LivenessModule],
  controllers: [StatsController, AdminStatsController],
  providers: [StatsQuery, AdminStatsQuery, DurationsQuery],
})
export class StatsModule {}
