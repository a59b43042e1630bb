import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { CallbackRules } from '../enqueue/callback-rules.js';
import { type ResolvedJob, resolveJob } from '../enqueue/new-job.js';
import { JobTypeCatalog } from '../external-types/job-type-catalog.js';
import type { JobType } from '../job-types.js';
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
    private readonly types: JobTypeCatalog,
    private readonly callbacks: CallbackRules,
    private readonly ids: IdGenerator,
  ) {}

  /** @throws DomainError unknown_job_type, validation_failed */
  async of(workflow: NewWorkflow): Promise<WorkflowPlan> {
    this.callbacks.checkWorkflow(workflow);
    const id = workflow.id ?? this.ids.next();
    const typed = await this.types.withTypes(workflow.jobs);
    const jobs = typed.map(({ job, type }) => this.resolve(job, type, { ...workflow, id, ref: job.ref }));
    const { onFinished } = workflow;
    if (!onFinished) return { id, workflow, jobs, finisher: null };
    const type = await this.types.get(onFinished.type);
    return { id, workflow, jobs, finisher: this.resolve(onFinished, type, { ...workflow, id, ref: null }) };
  }

  /**
   * Keeps the declared types of its jobs from being removed before the session's transaction has stored them.
   * @throws DomainError unknown_job_type
   */
  hold(session: Session, { jobs, finisher, id }: WorkflowPlan): Promise<void> {
    return this.types.hold(session, finisher ? [...jobs, { ...finisher, id }] : jobs);
  }

  private resolve(
    job: WorkflowJob | NonNullable<NewWorkflow['onFinished']>,
    type: JobType,
    {
      id,
      ref,
      createdBy,
      heedsQuota = false,
    }: Pick<NewWorkflow, 'createdBy' | 'heedsQuota'> & { id: string; ref: string | null },
  ): ResolvedJob {
    // A job that answers for another would be of two workflows; and the types' own uniqueness is about single jobs.
    const unique = 'unique' in job && job.unique ? { ...job.unique, onConflict: 'reject' as const } : null;
    const author = createdBy === undefined ? {} : { createdBy };
    return resolveJob({ ...author, ...job, unique, heedsQuota, workflow: { id, ref } }, type, () =>
      this.ids.next(),
    );
  }
}
