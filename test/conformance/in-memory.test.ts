import { conforms } from './conformance.js';
import { inMemoryBench } from './in-memory.bench.js';

conforms('the queue in memory', inMemoryBench);
