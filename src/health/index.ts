export { HealthModule } from './health.module.js';
export { LiveWorkersQuery } from './live-workers.query.js';
