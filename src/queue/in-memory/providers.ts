import type { Provider } from '@nestjs/common';
import { DatabaseClock, IdGenerator } from '../../common/index.js';
import { Backoff } from '../backoff/backoff.js';
import { ConstantBackoff } from '../backoff/constant-backoff.js';
import { CustomBackoff } from '../backoff/custom-backoff.js';
import { ExponentialBackoff } from '../backoff/exponential-backoff.js';
import { FormulaBackoff } from '../backoff/formula-backoff.js';
import { LinearBackoff } from '../backoff/linear-backoff.js';
import { RANDOM } from '../backoff/random.js';
import { JobEvents } from '../job-events.js';
import { JobResultsQuery } from '../job-results.query.js';
import { JobTypes } from '../job-types.js';
import { QueueService } from '../queue.service.js';
import { InMemoryQueue } from './in-memory-queue.js';
import { MemoryControl } from './memory-control.js';
import { MemoryIntake } from './memory-intake.js';
import { MemoryKeys } from './memory-keys.js';
import { MemoryLine } from './memory-line.js';
import { MemoryLocks } from './memory-locks.js';
import { MemoryPlacement } from './memory-placement.js';
import { MemoryResults } from './memory-results.js';
import { MemorySettler } from './memory-settler.js';
import { JobMemory } from './memory.js';

/** The queue in memory, under the names of the real one. It needs a `DatabaseClock`, `CONFIG` and discovery beside it. */
export const inMemoryQueue: readonly Provider[] = [
  JobMemory,
  MemoryLocks,
  MemoryKeys,
  MemoryPlacement,
  MemoryIntake,
  MemoryLine,
  MemorySettler,
  MemoryControl,
  InMemoryQueue,
  { provide: JobResultsQuery, useClass: MemoryResults },
  { provide: QueueService, useExisting: InMemoryQueue },
  JobTypes,
  JobEvents,
  Backoff,
  ExponentialBackoff,
  ConstantBackoff,
  LinearBackoff,
  FormulaBackoff,
  CustomBackoff,
  // Waits are exactly those of the table.
  { provide: RANDOM, useValue: () => 0 },
  {
    provide: IdGenerator,
    inject: [DatabaseClock],
    useFactory: (clock: DatabaseClock) => new IdGenerator(clock),
  },
];
