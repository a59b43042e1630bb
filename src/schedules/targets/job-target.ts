import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { tracer, withFurtherFaults } from '../../common/index.js';
import { toValid } from '../../common/http/index.js';
import { JobsService } from '../../jobs/index.js';
import { type NewJob, QueueService } from '../../queue/index.js';
import { JobTemplateRequest } from './job-template.dto.js';
import type { OccurrenceStart, ScheduleTarget, Start, StartedByHand, Target } from './schedule-target.js';
import { refuseFullTags, tagOf } from './tags.js';

/** Enqueues a job. */
@Injectable()
export class JobTarget implements ScheduleTarget {
  constructor(
    private readonly jobs: JobsService,
    private readonly queue: QueueService,
  ) {}

  async check(body: object): Promise<Target> {
    const template = await toValid(JobTemplateRequest, body);
    const job = await this.jobs.read(template).catch(async (error: unknown) => {
      throw await withFurtherFaults(error, () => refuseFullTags([['/tags', template.tags]]));
    });
    refuseFullTags([['/tags', template.tags]]);
    await this.queue.check([job]);
    return { kind: 'job', body: { ...body }, jobType: job.type, jobTypes: null };
  }

  async start(starts: readonly OccurrenceStart[], manager: EntityManager): Promise<string[]> {
    const jobs: NewJob[] = [];
    for (const { schedule, body, id } of starts) {
      const job = await this.jobs.read(await toValid(JobTemplateRequest, body));
      const traceParent = beginTrace(schedule);
      jobs.push({ ...job, id, tags: tagged(job.tags, schedule), createdBy: tagOf(schedule), ...traceParent });
    }
    const enqueued = await this.queue.enqueue(jobs, { manager });
    return enqueued.map(({ job }) => job.id);
  }

  async startByHand(
    { schedule, body }: Start,
    idempotencyKey: string | undefined,
    manager: EntityManager,
  ): Promise<StartedByHand> {
    const template = await toValid(JobTemplateRequest, body);
    template.tags = tagged(template.tags, schedule);
    return { kind: 'job', enqueued: await this.jobs.submit(template, { idempotencyKey, manager }) };
  }
}

/** Each occurrence begins a trace of its own, although many are stored together. */
function beginTrace(schedule: string): Pick<NewJob, 'traceParent'> {
  const span = tracer()?.start('schedule', {
    parent: null,
    kind: 'producer',
    attributes: { 'roundhouse.schedule': schedule },
  });
  span?.end();
  return span ? { traceParent: span.traceparent } : {};
}

function tagged(tags: readonly string[] = [], schedule: string): string[] {
  return [...new Set([...tags, tagOf(schedule)])];
}
