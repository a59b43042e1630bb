import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { BulkOperationHandler } from './bulk-operation.handler.js';
import { BulkOperationsStore } from './bulk-operations.store.js';
import { BulkRunner } from './bulk-runner.js';
import { ManagedJobs } from './managed-jobs.js';
import { MatchingJobs } from './matching-jobs.query.js';

/** The job type that does the work of bulk operations. */
@Module({
  imports: [QueueModule],
  providers: [BulkOperationHandler, BulkRunner, BulkOperationsStore, ManagedJobs, MatchingJobs],
})
export class BulkJobsModule {}
