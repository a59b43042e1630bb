import type { Provider } from '@nestjs/common';
import type { ClaimedJob } from '../../queue/index.js';
import type { Abortable } from '../attempt-context.js';
import { AttemptContexts } from '../attempt-contexts.js';
import { CancelWatch } from '../cancel-watch.js';
import { CircuitBreakers } from '../circuits/circuit-breakers.js';
import { Executions } from '../executions.js';
import { HandlerCalls } from '../handler-calls.js';
import { HandlerRegistry } from '../handler-registry.js';
import { JobMiddlewares } from '../job-middlewares.js';
import { JobJournal } from '../job-journal.js';
import { JobRunner } from '../job-runner.js';
import { JobTransactions } from '../job-transactions.js';
import { InMemoryCancels } from './in-memory-cancels.js';
import { InMemoryJournal } from './in-memory-journal.js';
import { InMemoryTransactions } from './in-memory-transactions.js';

/** A test asks how a handler fails, not how long others are kept from failing. */
const ALWAYS_CLOSED: Pick<CircuitBreakers, 'holdsBack' | 'note'> = {
  holdsBack: () => false,
  note: () => Promise.resolve(),
};

/** What finds handlers and runs them, on the queue in memory. Isolated handlers run in this process, as all others. */
export const inMemoryWorker: readonly Provider[] = [
  HandlerRegistry,
  HandlerCalls,
  JobMiddlewares,
  AttemptContexts,
  JobRunner,
  InMemoryJournal,
  { provide: JobJournal, useExisting: InMemoryJournal },
  { provide: JobTransactions, useClass: InMemoryTransactions },
  { provide: CancelWatch, useClass: InMemoryCancels },
  { provide: CircuitBreakers, useValue: ALWAYS_CLOSED },
  {
    provide: Executions,
    inject: [HandlerCalls],
    useFactory: (calls: HandlerCalls): Pick<Executions, 'make'> => ({
      make: (job: ClaimedJob, attempt: Abortable) => calls.make(job, attempt),
    }),
  },
];
