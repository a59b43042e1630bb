export { CreateWorkflowRequest } from './create-workflow.dto.js';
export { answerStarted } from './started-answer.js';
export { StartedWorkflowResponse } from './workflow.response.js';
export { WorkflowSubmissionModule } from './workflow-submission.module.js';
export { FoundWorkflows } from './found-workflows.js';
export { WorkflowIdParam } from './workflow-id.param.js';
export { WorkflowsModule } from './workflows.module.js';
export { WorkflowsService } from './workflows.service.js';
