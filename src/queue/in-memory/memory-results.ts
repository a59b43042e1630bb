import { Injectable } from '@nestjs/common';
import { type JobResultsQuery, resultFrom } from '../job-results.query.js';
import { copyOf } from './copy.js';
import { JobMemory } from './memory.js';

/** Reads what jobs returned. */
@Injectable()
export class MemoryResults implements Pick<JobResultsQuery, 'resultOf'> {
  constructor(private readonly memory: JobMemory) {}

  /** @throws PermanentFailure when there is no such job or it has no result */
  async resultOf(jobId: string): Promise<unknown> {
    return copyOf(resultFrom(jobId, this.memory.jobs.get(jobId)));
  }
}
