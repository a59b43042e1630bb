import { Injectable } from '@nestjs/common';
import { edgeBetween } from '../blocking/fates.js';
import { type JobResultsQuery, type ParentJob, resultFrom } from '../job-results.query.js';
import { JobTypes } from '../job-types.js';
import { withoutSecrets } from '../redaction/shown.js';
import { copyOf } from './copy.js';
import { JobMemory } from './memory.js';

/** Reads what jobs returned. There are no workflows in memory, and so no names in them. */
@Injectable()
export class MemoryResults implements Pick<JobResultsQuery, 'resultOf' | 'parentsOf' | 'workflowOf'> {
  constructor(
    private readonly memory: JobMemory,
    private readonly types: JobTypes,
  ) {}

  /** @throws PermanentFailure when there is no such job or it has no result */
  async resultOf(jobId: string, _asking: string, isForPeople = false): Promise<unknown> {
    const job = this.memory.jobs.get(jobId);
    const pointers = isForPeople && job ? (this.types.find(job.type)?.redact ?? []) : [];
    return copyOf(resultFrom(jobId, job && withoutSecrets(job, pointers)));
  }

  async parentsOf(jobId: string): Promise<ParentJob[]> {
    return this.memory.find(this.memory.get(jobId).dependsOn).map((parent) => {
      const { id, type, status, result, errorMessage } = parent;
      const isTolerated = this.memory.tolerated.has(edgeBetween(id, jobId));
      const onFailure = isTolerated ? 'continue' : 'cancel';
      return copyOf({ id, ref: null, type, status, result, errorMessage, onFailure });
    });
  }

  async workflowOf(): Promise<undefined> {
    return undefined;
  }
}
