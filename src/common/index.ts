export { ANONYMOUS } from './actor.js';
export { DatabaseClock } from './database-clock.js';
export { DomainError, type Fault, type ProblemCode, invalid, messageOf, problems } from './errors.js';
export { IdGenerator, firstIdAt, isUuid } from './ids.js';
export { didYouMean, nearest } from './nearest.js';
export { QUEUE_NAME } from './queue-name.js';
export { SharedLook } from './shared-look.js';
export { version } from './version.js';
export { canonicalJson } from './canonical-json.js';
