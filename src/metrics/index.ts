export { ApiMetricsModule } from './api-metrics.module.js';
export { MetricsModule } from './metrics.module.js';
export { QueueSnapshotQuery } from './queue-snapshot.query.js';
export { WorkerMetricsModule } from './worker-metrics.module.js';
