import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/index.js';
import { LeasesModule } from '../leases/index.js';
import { QueueModule } from '../queue/index.js';
import { CircuitsModule, LivenessModule } from '../worker/index.js';
import { OpenCircuitsQuery, circuitGauge } from './circuit-gauge.js';
import { heldRequestsGauge } from './held-requests.js';
import { queueGauges } from './queue-gauges.js';
import { QueueSnapshotQuery } from './queue-snapshot.query.js';
import { surroundingsGauges } from './surroundings-gauges.js';
import { SurroundingsQuery } from './surroundings.query.js';

/** What the API alone measures; what the database knows is among it, since workers would all say the same again. */
@Module({
  imports: [QueueModule, CircuitsModule, LivenessModule, JobsModule, LeasesModule],
  providers: [
    QueueSnapshotQuery,
    SurroundingsQuery,
    OpenCircuitsQuery,
    ...queueGauges,
    ...surroundingsGauges,
    circuitGauge,
    heldRequestsGauge,
  ],
  exports: [QueueSnapshotQuery],
})
export class ApiMetricsModule {}
