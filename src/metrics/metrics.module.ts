import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { QueueModule } from '../queue/index.js';
import { buildInfo } from './build-info.js';
import { databaseGauges } from './database-gauges.js';
import { DatabaseUp } from './database-up.js';
import { HttpMetrics, httpDuration } from './http-metrics.js';
import { JobMetricsListener } from './job-metrics.listener.js';
import { jobMetrics } from './job-metrics.js';
import { JobTypeLabels } from './job-type-labels.js';
import { MetricsController } from './metrics.controller.js';

/**
 * `/metrics`: what both the API and a worker measure. The one registration of PrometheusModule, which writes
 * to a registry of the whole process as soon as this file is loaded; a second one would throw.
 */
@Module({
  imports: [
    QueueModule,
    PrometheusModule.register({
      controller: MetricsController,
      // Each look (ms) at the event loop wakes a process that has nothing to do.
      defaultMetrics: { enabled: true, config: { eventLoopMonitoringPrecision: 100 } },
    }),
  ],
  providers: [
    ...jobMetrics,
    JobTypeLabels,
    JobMetricsListener,
    httpDuration,
    HttpMetrics,
    DatabaseUp,
    ...databaseGauges,
    buildInfo,
  ],
})
export class MetricsModule {}
