export { workerState } from './worker-state.sql.js';
export { WorkersModule } from './workers.module.js';
