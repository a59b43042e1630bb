import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { DeadWorkers } from './dead-workers.js';
import { Recovery } from './recovery.js';

/** Recovery on its own, for handlers: the API knows them too and runs none. */
@Module({
  imports: [QueueModule],
  providers: [DeadWorkers, Recovery],
  exports: [Recovery],
})
export class RecoveryModule {}
