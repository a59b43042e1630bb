import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { DomainError, currentActor } from '../common/index.js';
import { Answers } from '../common/http/index.js';
import { WorkflowControl } from '../queue/index.js';
import { FoundWorkflows } from './found-workflows.js';
import { InterventionResponse, toInterventionResponse } from './intervention.response.js';
import { WorkflowIdParam } from './workflow-id.param.js';

/** Interventions in the life of a workflow. */
@ApiTags('Workflows')
@Controller('workflows/:workflow_id')
export class WorkflowControlController {
  constructor(
    private readonly control: WorkflowControl,
    private readonly found: FoundWorkflows,
  ) {}

  @Post('cancel')
  @HttpCode(200)
  @Requires('jobs:control')
  @ApiOperation({
    operationId: 'cancelWorkflow',
    summary:
      'Cancel all jobs of a workflow: at once those that wait, through their worker those that run (202)',
  })
  @WorkflowIdParam()
  @ApiResponse({ status: 202, type: InterventionResponse, description: 'Some run, and were told to end.' })
  @Answers(
    { status: 200, type: InterventionResponse, description: 'What was cancelled.' },
    'workflow_not_found',
    'workflow_state_conflict',
  )
  async cancel(
    @Param('workflow_id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InterventionResponse> {
    const { id: workflowId, status } = await this.found.get(id);
    const managed = await this.control.cancel(workflowId, currentActor());
    if (managed.length === 0)
      throw conflict(workflowId, status, 'all of its jobs have ended, and there is nothing to cancel');
    const answer = toInterventionResponse(await this.found.get(workflowId), managed);
    if (answer.requested > 0) void reply.status(202);
    return answer;
  }

  @Post('retry')
  @HttpCode(200)
  @Requires('jobs:control')
  @ApiOperation({
    operationId: 'retryWorkflow',
    summary: 'Run all jobs of a workflow once more that failed or were cancelled',
  })
  @WorkflowIdParam()
  @Answers(
    { status: 200, type: InterventionResponse, description: 'What runs again.' },
    'workflow_not_found',
    'workflow_state_conflict',
  )
  async retry(@Param('workflow_id') id: string): Promise<InterventionResponse> {
    const { id: workflowId, status } = await this.found.get(id);
    const managed = await this.control.retry(workflowId, currentActor());
    if (managed.length === 0)
      throw conflict(
        workflowId,
        status,
        'none of its jobs failed or was cancelled, and there is nothing to retry',
      );
    return toInterventionResponse(await this.found.get(workflowId), managed);
  }
}

function conflict(id: string, status: string, why: string): DomainError {
  return new DomainError('workflow_state_conflict', `Workflow ${id} is ${status}: ${why}`, {
    members: { workflow_id: id, workflow_status: status },
  });
}
