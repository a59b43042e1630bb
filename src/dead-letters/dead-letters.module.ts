import { Module } from '@nestjs/common';
import { BulkOperationsModule } from '../bulk-operations/index.js';
import { QueueModule } from '../queue/index.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersQuery } from './dead-letters.query.js';
import { DeadLettersService } from './dead-letters.service.js';
import { ErrorGroupsController } from './error-groups.controller.js';
import { ErrorGroupsQuery } from './error-groups.query.js';
import { ErrorGroupsService } from './error-groups.service.js';

/** Jobs that failed for good: seen one by one and by cause, run again, thrown away. */
@Module({
  imports: [QueueModule, BulkOperationsModule],
  // The groups first: their address would be taken for an id otherwise.
  controllers: [ErrorGroupsController, DeadLettersController],
  providers: [DeadLettersService, DeadLettersQuery, ErrorGroupsService, ErrorGroupsQuery],
})
export class DeadLettersModule {}
