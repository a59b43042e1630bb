import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import { CallbackRules } from '../enqueue/callback-rules.js';
import { type ResolvedJob, resolveJob } from '../enqueue/new-job.js';
import { JobTypes } from '../job-types.js';
import type { NewWorkflow, WorkflowJob } from './new-workflow.js';
import type { Finisher } from './workflow-tally.js';

/** A workflow with everything decided. */
export interface WorkflowPlan {
  readonly id: string;
  readonly workflow: NewWorkflow;
  readonly jobs: readonly ResolvedJob[];
  readonly finisher: Finisher | null;
}

/** Fills in what the types of a workflow's jobs decide, and refuses what nobody could be told of. */
@Injectable()
export class WorkflowPlans {
  constructor(
    private readonly types: JobTypes,
    private readonly callbacks: CallbackRules,
    private readonly ids: IdGenerator,
  ) {}

  /** @throws DomainError unknown_job_type, validation_failed */
  of(workflow: NewWorkflow): WorkflowPlan {
    this.callbacks.checkWorkflow(workflow);
    const id = workflow.id ?? this.ids.next();
    const jobs = workflow.jobs.map((job) => this.resolve(job, workflow, id, job.ref));
    const { onFinished } = workflow;
    const finisher = onFinished ? this.resolve(onFinished, workflow, id, null) : null;
    return { id, workflow, jobs, finisher };
  }

  private resolve(
    job: WorkflowJob | NonNullable<NewWorkflow['onFinished']>,
    { createdBy }: NewWorkflow,
    id: string,
    ref: string | null,
  ): ResolvedJob {
    // A job that answers for another would be of two workflows; and the types' own uniqueness is about single jobs.
    const unique = 'unique' in job && job.unique ? { ...job.unique, onConflict: 'reject' as const } : null;
    const author = createdBy === undefined ? {} : { createdBy };
    return resolveJob({ ...author, ...job, unique, workflow: { id, ref } }, this.types.get(job.type), () =>
      this.ids.next(),
    );
  }
}
