export { HandlersModule } from './handlers.module.js';
export {
  type JobContext,
  JobHandler,
  type JobHandlerOptions,
  type JobPolicy,
  type JobRunnable,
} from './job-handler.js';
export { RecoveryModule } from './recovery.module.js';
export { Recovery } from './recovery.js';
export { WorkerModule } from './worker.module.js';
