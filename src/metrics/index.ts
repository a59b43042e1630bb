export { MetricsModule } from './metrics.module.js';
export { QueueMetricsModule } from './queue-metrics.module.js';
export { QueueSnapshotQuery } from './queue-snapshot.query.js';
export { WorkerMetricsModule } from './worker-metrics.module.js';
