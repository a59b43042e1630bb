export { CreateWorkflowRequest } from './create-workflow.dto.js';
export { answerStarted } from './started-answer.js';
export { StartedWorkflowResponse } from './workflow.response.js';
export { WorkflowSubmissionModule } from './workflow-submission.module.js';
export { WorkflowsModule } from './workflows.module.js';
export { WorkflowsService } from './workflows.service.js';
