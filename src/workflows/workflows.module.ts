import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { FoundWorkflows } from './found-workflows.js';
import { GraphQuery } from './graph.query.js';
import { WorkflowControlController } from './workflow-control.controller.js';
import { WorkflowSubmissionModule } from './workflow-submission.module.js';
import { WorkflowsController } from './workflows.controller.js';

/** Workflows over HTTP. */
@Module({
  imports: [QueueModule, WorkflowSubmissionModule],
  controllers: [WorkflowsController, WorkflowControlController],
  providers: [FoundWorkflows, GraphQuery],
  exports: [FoundWorkflows],
})
export class WorkflowsModule {}
