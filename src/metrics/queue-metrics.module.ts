import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { CircuitsModule, LivenessModule } from '../worker/index.js';
import { QueuesModule } from '../queues/index.js';
import { abilityGauges } from './ability-gauges.js';
import { circuitGauge } from './circuit-gauge.js';
import { objectiveGauges } from './objective-gauges.js';
import { ObjectiveLooks } from './objective-looks.js';
import { queueGauges } from './queue-gauges.js';
import { QueueSnapshotQuery } from './queue-snapshot.query.js';

/** The state of the queues and circuits. Measured by the API alone: workers would all say the same again. */
@Module({
  imports: [QueueModule, QueuesModule, CircuitsModule, LivenessModule],
  providers: [
    QueueSnapshotQuery,
    ...queueGauges,
    circuitGauge,
    ObjectiveLooks,
    ...objectiveGauges,
    ...abilityGauges,
  ],
  exports: [QueueSnapshotQuery],
})
export class QueueMetricsModule {}
