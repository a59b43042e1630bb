import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { CircuitsModule } from '../worker/index.js';
import { QueuesModule } from '../queues/index.js';
import { circuitGauge } from './circuit-gauge.js';
import { objectiveGauges } from './objective-gauges.js';
import { ObjectiveLooks } from './objective-looks.js';
import { queueGauges } from './queue-gauges.js';
import { QueueSnapshotQuery } from './queue-snapshot.query.js';

/** The state of the queues and circuits. Measured by the API alone: workers would all say the same again. */
@Module({
  imports: [QueueModule, QueuesModule, CircuitsModule],
  providers: [QueueSnapshotQuery, ...queueGauges, circuitGauge, ObjectiveLooks, ...objectiveGauges],
  exports: [QueueSnapshotQuery],
})
export class QueueMetricsModule {}
