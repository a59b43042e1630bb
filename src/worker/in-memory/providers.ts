import type { Provider } from '@nestjs/common';
import type { ClaimedJob } from '../../queue/index.js';
import type { Abortable } from '../attempt-context.js';
import { AttemptContexts } from '../attempt-contexts.js';
import { CancelWatch } from '../cancel-watch.js';
import { Executions } from '../executions.js';
import { HandlerCalls } from '../handler-calls.js';
import { HandlerRegistry } from '../handler-registry.js';
import { JobJournal } from '../job-journal.js';
import { JobRunner } from '../job-runner.js';
import { JobTransactions } from '../job-transactions.js';
import { InMemoryCancels } from './in-memory-cancels.js';
import { InMemoryJournal } from './in-memory-journal.js';
import { InMemoryTransactions } from './in-memory-transactions.js';

/** What finds handlers and runs them, on the queue in memory. Isolated handlers run in this process, as all others. */
export const inMemoryWorker: readonly Provider[] = [
  HandlerRegistry,
  HandlerCalls,
  AttemptContexts,
  JobRunner,
  InMemoryJournal,
  { provide: JobJournal, useExisting: InMemoryJournal },
  { provide: JobTransactions, useClass: InMemoryTransactions },
  { provide: CancelWatch, useClass: InMemoryCancels },
  {
    provide: Executions,
    inject: [HandlerCalls],
    useFactory: (calls: HandlerCalls): Pick<Executions, 'make'> => ({
      make: (job: ClaimedJob, attempt: Abortable) => calls.make(job, attempt),
    }),
  },
];
