import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../common/index.js';
import { type Job, type JobType, QueueService } from '../queue/index.js';
import { AttemptContext, type ContextServices } from './attempt-context.js';
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
  ) {}

  make(job: Job, { payload }: JobType, signal: AbortSignal): AttemptContext {
    return new AttemptContext(job, payload, signal, this);
  }
}
