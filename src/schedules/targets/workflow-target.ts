import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { invalid, traced, withFurtherFaults } from '../../common/index.js';
import { isJsonObject } from '../../common/json-object.js';
import { toValid } from '../../common/http/index.js';
import { CreateWorkflowRequest, WorkflowsService } from '../../workflows/index.js';
import type { OccurrenceStart, ScheduleTarget, Start, StartedByHand, Target } from './schedule-target.js';
import { refuseFullTags, tagOf } from './tags.js';

/** Starts a workflow. It and all of its jobs have the tag of the schedule. */
@Injectable()
export class WorkflowTarget implements ScheduleTarget {
  constructor(private readonly workflows: WorkflowsService) {}

  async check(body: object): Promise<Target> {
    const request = await toValid(CreateWorkflowRequest, body);
    const checks = [() => refuseFullTags(tagsIn(request)), () => refuseOwnTimes(request)];
    const jobTypes = await this.workflows.check(body).catch(async (error: unknown) => {
      throw await withFurtherFaults(error, ...checks);
    });
    for (const check of checks) check();
    return { kind: 'workflow', body: { ...body }, jobType: null, jobTypes };
  }

  /** One after the other: each is a key, some jobs and their dependencies. */
  async start(starts: readonly OccurrenceStart[], manager: EntityManager): Promise<string[]> {
    const ids: string[] = [];
    for (const { schedule, body, id } of starts) {
      const tag = tagOf(schedule);
      const request = await toValid(CreateWorkflowRequest, body);
      const attributes = { 'roundhouse.schedule': schedule };
      const started = await traced('schedule', { parent: null, kind: 'producer', attributes }, () =>
        this.workflows.start(request, { id, manager, tag, createdBy: tag }),
      );
      ids.push(started.id);
    }
    return ids;
  }

  async startByHand(
    { schedule, body }: Start,
    idempotencyKey: string | undefined,
    manager: EntityManager,
  ): Promise<StartedByHand> {
    const request = await toValid(CreateWorkflowRequest, body);
    const tag = tagOf(schedule);
    // Of the request already: one key, for two schedules that start the same, is not the same request twice.
    request.tags = [...new Set([...(request.tags ?? []), tag])];
    const started = await this.workflows.start(request, { idempotencyKey, manager, tag });
    return { kind: 'workflow', started };
  }
}

function tagsIn({ tags, jobs, on_finished }: CreateWorkflowRequest): [string, unknown][] {
  return [
    ['/tags', tags],
    ...jobs.map((job, at): [string, unknown] => [
      `/jobs/${at}/tags`,
      isJsonObject(job) ? job.tags : undefined,
    ]),
    ['/on_finished/tags', on_finished?.tags],
  ];
}

/** @throws DomainError validation_failed: a moment is past after the first occurrence */
function refuseOwnTimes({ jobs }: CreateWorkflowRequest): void {
  const detail =
    'It would be the same moment at every occurrence: send schedule_in, which counts from the occurrence';
  const faults = jobs.flatMap((job, at) =>
    ['scheduled_at', 'schedule_at']
      .filter((name) => isJsonObject(job) && job[name] !== undefined)
      .map((name) => ({ pointer: `/jobs/${at}/${name}`, detail, code: 'same_moment' })),
  );
  if (faults.length > 0) throw invalid('validation_failed', faults);
}
