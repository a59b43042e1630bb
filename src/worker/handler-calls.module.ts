import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/index.js';
import { QueueModule } from '../queue/index.js';
import { AttemptContexts } from './attempt-contexts.js';
import { HandlerCalls } from './handler-calls.js';
import { HandlersModule } from './handlers.module.js';
import { JobJournal } from './job-journal.js';
import { JobJournalStore } from './job-journal.store.js';
import { JobTransactions } from './job-transactions.js';

/** All that a handler needs to run, in a worker or in a process of its own. */
@Module({
  imports: [QueueModule, ArtifactsModule, HandlersModule],
  providers: [HandlerCalls, AttemptContexts, JobTransactions, JobJournal, JobJournalStore],
  exports: [HandlerCalls],
})
export class HandlerCallsModule {}
