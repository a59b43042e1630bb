import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { BulkOperationsController } from './bulk-operations.controller.js';
import { BulkOperationsQuery } from './bulk-operations.query.js';
import { BulkOperationsService } from './bulk-operations.service.js';
import { MatchingJobs } from './matching-jobs.query.js';

/** Work on many jobs over HTTP. */
@Module({
  imports: [QueueModule],
  controllers: [BulkOperationsController],
  providers: [BulkOperationsService, BulkOperationsQuery, MatchingJobs],
  exports: [BulkOperationsService],
})
export class BulkOperationsModule {}
