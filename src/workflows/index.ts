export { FoundWorkflows } from './found-workflows.js';
export { WorkflowIdParam } from './workflow-id.param.js';
export { WorkflowsModule } from './workflows.module.js';
