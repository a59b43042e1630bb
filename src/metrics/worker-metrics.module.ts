import { Module } from '@nestjs/common';
import { WorkerUp, workerUpGauge } from './worker-up.js';

/** What only a worker can say about itself. */
@Module({ providers: [workerUpGauge, WorkerUp] })
export class WorkerMetricsModule {}
