import { Injectable, type OnModuleInit } from '@nestjs/common';
import { reportFault } from '../common/index.js';
import { type EndedAttempt, type JobError, JobEvents } from '../queue/index.js';

/** Tells whoever collects faults of jobs that failed for good. */
@Injectable()
export class JobFaultsListener implements OnModuleInit {
  constructor(private readonly events: JobEvents) {}

  onModuleInit(): void {
    this.events.on('settled', (job, _outcome, error) => {
      if (job.status === 'FAILED' && error) reportFault(asError(error), detailsOf(job));
    });
  }
}

function detailsOf({ id, type, queue, attempts }: EndedAttempt) {
  return { job_id: id, job_type: type, queue, attempt: attempts };
}

/** As it was thrown, perhaps in another process. */
function asError({ name, message, stack }: JobError): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
