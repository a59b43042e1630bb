export { hasSqlState, isConnectionLoss, isContention, isPassing, isQueryCanceled } from './failures.js';
export { ADVISORY_LOCKS } from './advisory-locks.js';
export { DatabaseModule } from './database.module.js';
export {
  UnsuitableDatabaseError,
  migratingConnection,
  migrationsMissing,
  refuseOldSchema,
  runMigrations,
  whenOthersAllow,
  whileMigrating,
} from './migrations.js';
export { ConnectionPools, type SeenPool } from './connection-pools.js';
export { inPortions } from './in-portions.js';
export { NotificationListener } from './notification-listener.js';
export { CommitUnknownError, Postgres, type Prepared, type Session, type Transaction } from './postgres.js';
export {
  SERVER_PATIENCE,
  connectionName,
  divideConnections,
  patientConnection,
  servingConnection,
} from './connection.js';
export { durabilityFaults } from './durability.js';
export { connectPatiently } from './patient-client.js';
export { plannedIndexes } from './planned-indexes.js';
export { Pooler, remedyFor } from './pooler.js';
export { StartWarningsModule } from './start-warnings.js';
export { sessionOf } from './session-of.js';
export { retryConflicts } from './retry-conflicts.js';
export { asUnavailable } from './unavailable.js';
export { refuseRejection, sayUnreachable } from './unreachable.js';
