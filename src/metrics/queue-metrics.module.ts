import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { queueGauges } from './queue-gauges.js';
import { QueueSnapshotQuery } from './queue-snapshot.query.js';

/** The state of the queues. Measured by the API alone: workers would all say the same again. */
@Module({
  imports: [QueueModule],
  providers: [QueueSnapshotQuery, ...queueGauges],
  exports: [QueueSnapshotQuery],
})
export class QueueMetricsModule {}
