import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/index.js';
import { QueueModule } from '../queue/index.js';
import { WorkflowsModule } from '../workflows/index.js';
import { DeliveriesController } from './log/deliveries.controller.js';
import { DeliveriesQuery } from './log/deliveries.query.js';
import { JobDeliveriesController } from './log/job-deliveries.controller.js';
import { ResendService } from './log/resend.service.js';
import { WorkflowDeliveriesController } from './log/workflow-deliveries.controller.js';
import { WebhookJobsModule } from './webhook-jobs.module.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksQuery } from './webhooks.query.js';
import { WebhooksService } from './webhooks.service.js';

/** Endpoints that hear of the ends of jobs and workflows, and what was delivered to them, over HTTP. */
@Module({
  imports: [QueueModule, JobsModule, WorkflowsModule, WebhookJobsModule],
  controllers: [
    WebhooksController,
    DeliveriesController,
    JobDeliveriesController,
    WorkflowDeliveriesController,
  ],
  providers: [WebhooksService, WebhooksQuery, DeliveriesQuery, ResendService],
})
export class WebhooksModule {}
