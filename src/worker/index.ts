export type { Artifact, JobArtifacts } from '../artifacts/index.js';
export { Canaries } from './canaries.js';
export { Duty } from './duty.js';
export { HandlersModule } from './handlers.module.js';
export { BackoffStrategyProvider } from '../queue/index.js';
export { AttemptAborted, CancelJob, PermanentFailure, RetryLater } from './job-control.errors.js';
export { ClaimLoop } from './claim-loop.js';
export type { CircuitState } from './circuits/circuit.js';
export { CircuitsModule } from './circuits/circuits.module.js';
export { CircuitsQuery, type SeenCircuit } from './circuits/circuits.query.js';
export {
  type JobContext,
  JobHandler,
  LOG_LEVELS,
  type JobHandlerOptions,
  type JobPolicy,
  type JobRunnable,
  type LogLevel,
} from './job-handler.js';
export { JobMiddleware, type JobMiddlewareOptions, type MiddlewareRunnable } from './job-middleware.js';
export { LiveWorkersQuery, type ServingWorkers, type WorkerAbilities } from './live-workers.query.js';
export { LivenessModule } from './liveness.module.js';
export { type DeclaredJobType, declaredJobTypes } from './declared-job-types.js';
export { InMemoryJournal } from './in-memory/in-memory-journal.js';
export { STAND_IN_MANAGER } from './in-memory/in-memory-transactions.js';
export { inMemoryWorker } from './in-memory/providers.js';
export { AttemptHost } from './isolation/attempt-host.js';
export { AttemptHostModule } from './isolation/attempt-host.module.js';
export { wearLeash } from './isolation/leash.js';
export { JobJournalStore, type LogLine, type Progress } from './job-journal.store.js';
export { JobRunner } from './job-runner.js';
export { Notices } from './notices.js';
export { Recovery } from './recovery.js';
export { WorkerIdentity } from './worker-identity.js';
export { WorkerModule } from './worker.module.js';
export { WorkerRuntime } from './worker-runtime.js';
export { knows, takesNothing, workerState } from './worker-state.sql.js';
