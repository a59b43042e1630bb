export { HealthModule } from './health.module.js';
export { DatabaseGuard } from './database.guard.js';
export { Readiness } from './readiness.js';
