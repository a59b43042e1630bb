import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/index.js';
import { DatabaseClock } from '../common/index.js';
import { type ClaimedJob, JobResultsQuery, type JobType, QueueService } from '../queue/index.js';
import { type Abortable, AttemptContext, type ContextServices } from './attempt-context.js';
import { JobJournal } from './job-journal.js';
import { JobTransactions } from './job-transactions.js';

/** Makes the contexts that handlers are given. */
@Injectable()
export class AttemptContexts implements ContextServices {
  constructor(
    readonly queue: QueueService,
    readonly transactions: JobTransactions,
    readonly journal: JobJournal,
    readonly clock: DatabaseClock,
    readonly artifactStore: ArtifactStore,
    readonly results: JobResultsQuery,
  ) {}

  make(job: ClaimedJob, { payload }: JobType, attempt: Abortable): AttemptContext {
    return new AttemptContext(job, payload, attempt, this);
  }
}
