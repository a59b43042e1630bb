import { Module } from '@nestjs/common';
import { WorkerModule } from '../worker/index.js';
import { AuditModule } from '../audit/index.js';
import { canaryGauge } from './canary-gauge.js';
import { auditGauges } from './audit-gauges.js';
import { stuckHandlersGauge } from './worker-stuck.js';
import { slotGauges } from './worker-slots.js';
import { WorkerUp, workerUpGauge } from './worker-up.js';

/** What only a worker can say about itself. */
@Module({
  imports: [WorkerModule, AuditModule],
  providers: [workerUpGauge, WorkerUp, stuckHandlersGauge, canaryGauge, ...slotGauges, ...auditGauges],
})
export class WorkerMetricsModule {}
