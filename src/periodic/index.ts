export { CronModule } from './cron.module.js';
export { PeriodicModule } from './periodic.module.js';
