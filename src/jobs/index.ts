export { AttemptErrorResponse } from './attempt.response.js';
export { JobResponse, toJobResponse } from './job.response.js';
export { JobsModule } from './jobs.module.js';
export { JobsQuery } from './jobs.query.js';
