import { Module } from '@nestjs/common';
import { WorkerModule } from '../worker/index.js';
import { stuckHandlersGauge } from './worker-stuck.js';
import { WorkerUp, workerUpGauge } from './worker-up.js';

/** What only a worker can say about itself. */
@Module({ imports: [WorkerModule], providers: [workerUpGauge, WorkerUp, stuckHandlersGauge] })
export class WorkerMetricsModule {}
