import { CreateJobs1795305600000 } from './1795305600000-create-jobs.ts';

/** Every migration, oldest first. */
export const migrations = [CreateJobs1795305600000];
