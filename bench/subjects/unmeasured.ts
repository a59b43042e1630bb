import { HttpMetrics } from '../../src/metrics/http-metrics.js';
import { JobMetricsListener } from '../../src/metrics/job-metrics.listener.js';

HttpMetrics.prototype.onModuleInit = () => undefined;
JobMetricsListener.prototype.onModuleInit = () => undefined;
await import('./roundhouse.js');
