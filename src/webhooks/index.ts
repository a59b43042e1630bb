export { WebhookJobsModule } from './webhook-jobs.module.js';
export { WebhooksModule } from './webhooks.module.js';
