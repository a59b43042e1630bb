export type { ExpectedJob } from './expectation.js';
export type { JobReport } from './job-report.js';
export type { TestKitOptions } from './start-context.js';
export type { TestJob } from './test-job.js';
export { TestKit } from './test-kit.js';
