import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, invalid } from '../../common/index.js';
import { toValid } from '../../common/http/index.js';
import { JobsService } from '../../jobs/index.js';
import { type Enqueued, JobTypes, type NewJob, QueueService } from '../../queue/index.js';
import { JobTemplateRequest } from './job-template.dto.js';
import { ScheduleTarget, type Start, type Target } from './schedule-target.js';

/** Tags of a job in all; one tells the schedule. */
const MOST_TAGS = 20;

/** Enqueues a job. */
@Injectable()
export class JobTarget extends ScheduleTarget {
  constructor(
    private readonly jobs: JobsService,
    private readonly queue: QueueService,
    private readonly types: JobTypes,
  ) {
    super();
  }

  async check(body: object): Promise<Target> {
    try {
      const template = await toValid(JobTemplateRequest, body);
      if ((template.tags?.length ?? 0) >= MOST_TAGS) {
        const detail = `tags takes ${MOST_TAGS - 1} here: one more names the schedule`;
        throw invalid('validation_failed', [{ pointer: '/tags', detail, code: 'array_max_size' }]);
      }
      const { type } = await this.jobs.read(template);
      // Every build can enqueue what was declared over HTTP.
      return { kind: 'job', body: { ...body }, jobType: this.types.find(type) ? type : null };
    } catch (error) {
      throw asFaultOfJob(error);
    }
  }

  async start(starts: readonly Start[], manager: EntityManager): Promise<Enqueued[]> {
    const jobs: NewJob[] = [];
    for (const { schedule, body, id } of starts) {
      const job = await this.jobs.read(await toValid(JobTemplateRequest, body));
      jobs.push({ ...job, id, tags: tagged(job.tags, schedule), createdBy: `schedule:${schedule}` });
    }
    return this.queue.enqueue(jobs, { manager });
  }

  async startByHand(
    { schedule, body }: Omit<Start, 'id'>,
    idempotencyKey: string | undefined,
  ): Promise<Enqueued> {
    const template = await toValid(JobTemplateRequest, body);
    template.tags = tagged(template.tags, schedule);
    return this.jobs.submit(template, { idempotencyKey });
  }

  knownTypes(): string[] {
    return this.types.all().map(({ type }) => type);
  }
}

function tagged(tags: readonly string[] = [], schedule: string): string[] {
  return [...new Set([...tags, `schedule:${schedule}`])];
}

/** The same fault, told where the job stands in the request. */
function asFaultOfJob(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const faults = error.options.faults?.map((fault) => ({ ...fault, pointer: `/job${fault.pointer}` }));
  return new DomainError(error.code, error.message, { ...error.options, ...(faults ? { faults } : {}) });
}
