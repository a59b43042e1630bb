import { conforms } from './conformance.js';
import { postgresBench } from './postgres.bench.js';

conforms('the queue in PostgreSQL', postgresBench);
