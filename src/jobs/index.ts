export { AttemptErrorResponse } from './attempt.response.js';
export { CreateJobRequest } from './create-job.dto.js';
export { JobResponse, toJobResponse } from './job.response.js';
export { JobsModule } from './jobs.module.js';
export { JobsService } from './jobs.service.js';
export { IdempotencyKeyHeader, noteAnswer } from './submission-answer.js';
export { SubmissionModule } from './submission.module.js';
export { JobsQuery } from './jobs.query.js';
