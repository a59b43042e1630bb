import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueueModule } from '../queue/index.js';
import { AttemptContexts } from './attempt-contexts.js';
import { CancelWatch } from './cancel-watch.js';
import { Caretaker } from './caretaker.js';
import { ClaimLoop } from './claim-loop.js';
import { HandlersModule } from './handlers.module.js';
import { HeldAttempts } from './held-attempts.js';
import { JobJournal } from './job-journal.js';
import { JobJournalStore } from './job-journal.store.js';
import { Housekeeping } from './housekeeping.js';
import { JobRunner } from './job-runner.js';
import { JobTransactions } from './job-transactions.js';
import { Notices } from './notices.js';
import { Presence } from './presence.js';
import { Lease } from './lease.js';
import { LivenessModule } from './liveness.module.js';
import { SettleBuffer } from './settle-buffer.js';
import { WorkerIdentity } from './worker-identity.js';
import { WorkerRuntime } from './worker-runtime.js';
import { WorkerRecord } from './worker.entity.js';

/** A worker: claims jobs, runs their handlers, stores the outcomes, and looks after the queue meanwhile. */
@Module({
  imports: [QueueModule, HandlersModule, LivenessModule, TypeOrmModule.forFeature([WorkerRecord])],
  providers: [
    WorkerRuntime,
    Notices,
    ClaimLoop,
    JobRunner,
    CancelWatch,
    AttemptContexts,
    JobTransactions,
    JobJournal,
    JobJournalStore,
    SettleBuffer,
    Presence,
    HeldAttempts,
    Lease,
    Caretaker,
    Housekeeping,
    WorkerIdentity,
  ],
  exports: [WorkerIdentity, JobRunner],
})
export class WorkerModule {}
