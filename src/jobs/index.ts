export { AttemptErrorResponse } from './attempt.response.js';
export { JobResponse, toJobResponse } from './job.response.js';
export { JobRequest } from './create-job.dto.js';
export { FinisherRequest } from './finisher.dto.js';
export { JobGroups, refuseAnswering } from './groups/job-groups.service.js';
export { JobSubmissionModule } from './job-submission.module.js';
export { JobsService } from './jobs.service.js';
export { faultsAt, readEach } from './read-each.js';
export { JobsModule } from './jobs.module.js';
