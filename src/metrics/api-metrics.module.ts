import { Module } from '@nestjs/common';
import { HeldRequestsModule } from '../held-requests/index.js';
import { QueueModule } from '../queue/index.js';
import { QueuesModule } from '../queues/index.js';
import { CircuitsModule, LivenessModule } from '../worker/index.js';
import { AbilityLooks, abilityGauges } from './ability-gauges.js';
import { OpenCircuitsQuery, circuitGauge } from './circuit-gauge.js';
import { heldRequestsGauge } from './held-requests.js';
import { objectiveGauges } from './objective-gauges.js';
import { ObjectiveLooks } from './objective-looks.js';
import { queueGauges } from './queue-gauges.js';
import { QueueSnapshotQuery } from './queue-snapshot.query.js';
import { surroundingsGauges } from './surroundings-gauges.js';
import { SurroundingsQuery } from './surroundings.query.js';

/** What the API alone measures; what the database knows is among it, since workers would all say the same again. */
@Module({
  imports: [QueueModule, QueuesModule, CircuitsModule, LivenessModule, HeldRequestsModule],
  providers: [
    QueueSnapshotQuery,
    SurroundingsQuery,
    OpenCircuitsQuery,
    ObjectiveLooks,
    AbilityLooks,
    ...queueGauges,
    ...surroundingsGauges,
    ...objectiveGauges,
    ...abilityGauges,
    circuitGauge,
    heldRequestsGauge,
  ],
  exports: [QueueSnapshotQuery],
})
export class ApiMetricsModule {}
