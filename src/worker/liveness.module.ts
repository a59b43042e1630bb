import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { DeadWorkers } from './dead-workers.js';
import { LiveWorkersQuery } from './live-workers.query.js';
import { Recovery } from './recovery.js';

/** Who is alive, who is dead, and the jobs of the dead: for every process, also one that runs no jobs. */
@Module({
  imports: [QueueModule],
  providers: [DeadWorkers, Recovery, LiveWorkersQuery],
  exports: [Recovery, LiveWorkersQuery],
})
export class LivenessModule {}
