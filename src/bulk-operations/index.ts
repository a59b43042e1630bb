export { BulkJobsModule } from './bulk-jobs.module.js';
export { BulkOperationResponse, DryRunResponse } from './bulk-operation.response.js';
export { answerBulkRequest } from './bulk-operations.controller.js';
export { BulkOperationsModule } from './bulk-operations.module.js';
export { BulkOperationsService } from './bulk-operations.service.js';
export { RedriveRequest } from './create-bulk-operation.dto.js';
