export { HandlersModule } from './handlers.module.js';
export {
  type JobContext,
  JobHandler,
  type JobHandlerOptions,
  type JobPolicy,
  type JobRunnable,
} from './job-handler.js';
export { LiveWorkersQuery } from './live-workers.query.js';
export { LivenessModule } from './liveness.module.js';
export { Recovery } from './recovery.js';
export { WorkerModule } from './worker.module.js';
