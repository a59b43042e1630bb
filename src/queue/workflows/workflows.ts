import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, traced } from '../../common/index.js';
import {
  CommitUnknownError,
  Postgres,
  type Session,
  retryConflicts,
  sessionOf,
} from '../../database/index.js';
import { SET_PATIENCE, rethrowUnavailable } from '../enqueue/enqueuer.js';
import { JobIntake } from '../enqueue/job-intake.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import { TargetQueues } from '../enqueue/target-queues.js';
import { JobEvents } from '../job-events.js';
import type { Job } from '../job.entity.js';
import type { NewWorkflow, StartedJob, StartedWorkflow } from './new-workflow.js';
import { type WorkflowPlan, WorkflowPlans } from './workflow-plans.js';
import { WorkflowTally } from './workflow-tally.js';
import { INSERT_WORKFLOW, SELECT_MEMBERS, SELECT_SAME_WORKFLOW } from './workflows.sql.js';

/** How long (ms) a start waits for a key, a lock or a job that some transaction holds. */
const PATIENCE_MS = 2_500;

/** What was stored, and the jobs to tell of once it is committed. */
interface Stored {
  readonly answer: StartedWorkflow;
  readonly enqueued: readonly Job[];
}

/** Starts workflows: jobs that belong together. */
@Injectable()
export class Workflows {
  constructor(
    private readonly postgres: Postgres,
    private readonly queues: TargetQueues,
    private readonly intake: JobIntake,
    private readonly tally: WorkflowTally,
    private readonly plans: WorkflowPlans,
    private readonly events: JobEvents,
  ) {}

  /**
   * Accepts a workflow with all of its jobs, or nothing. With `manager` it joins the caller's TypeORM transaction and
   * exists exactly when that commits; without, it is committed when this returns. A unique key that is taken refuses it.
   * @throws DomainError unknown_job_type, validation_failed, idempotency_key_reused, job_already_exists, queue_full;
   * database_unavailable when it is unknown whether it was accepted
   */
  async start(workflow: NewWorkflow, options: { manager?: EntityManager } = {}): Promise<StartedWorkflow> {
    return traced('enqueue workflow', { kind: 'producer' }, async (span) => {
      const started = await this.accept(workflow, options);
      span?.set({
        'messaging.system': 'roundhouse',
        'messaging.operation.type': 'send',
        'messaging.batch.message_count': started.jobs.length,
        'roundhouse.workflow.id': started.id,
      });
      return started;
    });
  }

  /**
   * Starts nothing, and says what would refuse the workflow whoever else is there: not keys that others hold.
   * @throws DomainError unknown_job_type, validation_failed; database_unavailable when nobody could tell
   */
  async check(workflow: NewWorkflow): Promise<void> {
    const plan = await this.plans.of(workflow).catch(rethrowUnavailable);
    await this.queues.check(jobsOf(plan)).catch(rethrowUnavailable);
  }

  private async accept(
    workflow: NewWorkflow,
    options: { manager?: EntityManager },
  ): Promise<StartedWorkflow> {
    const plan = await this.plans.of(workflow).catch(rethrowUnavailable);
    const all = jobsOf(plan);
    const session = options.manager ? await sessionOf(options.manager) : undefined;
    await this.queues.check(all).catch(rethrowUnavailable);
    await this.queues.create(all).catch(rethrowUnavailable);
    try {
      const { answer, enqueued } = session ? await this.store(session, plan) : await this.commit(plan);
      this.events.emit('enqueued', enqueued);
      return answer;
    } finally {
      this.queues.settle(all);
    }
  }

  private async commit(plan: WorkflowPlan): Promise<Stored> {
    const transaction = () =>
      this.postgres.transaction(async (session) => {
        await session.query(SET_PATIENCE, [PATIENCE_MS]);
        return this.store(session, plan);
      });
    try {
      return await retryConflicts(transaction);
    } catch (error) {
      if (!(error instanceof CommitUnknownError)) return rethrowUnavailable(error);
      return this.lookUpAfterLostCommit(plan, error);
    }
  }

  /** The workflow first, as a key: whoever starts the same one at the same time waits here. */
  private async store(session: Session, plan: WorkflowPlan): Promise<Stored> {
    const { id, workflow, jobs, finisher } = plan;
    const { rows } = await session.query(INSERT_WORKFLOW, [
      id,
      workflow.name ?? null,
      workflow.kind ?? 'workflow',
      workflow.tags ?? [],
      jobs.length,
      finisher === null ? null : JSON.stringify(finisher),
      workflow.createdBy ?? null,
      workflow.idempotency?.key ?? null,
      workflow.idempotency?.fingerprint ?? null,
      workflow.callbackUrl ?? null,
    ]);
    if (rows.length === 0) return { answer: await this.findSame(session, plan), enqueued: [] };
    await this.plans.hold(session, plan);
    const enqueued = await this.intake.take(session, jobs);
    if (enqueued.some(({ created }) => !created)) throw new Error('The id of a job of a workflow was taken');
    const stored = enqueued.map(({ job }) => job);
    await this.tally.noteEnds(session, stored);
    const members = stored.map((job) => ({ id: job.id, ref: job.workflowRef ?? '', status: job.status }));
    return { answer: { id, created: true, jobs: members }, enqueued: stored };
  }

  /** @throws DomainError idempotency_key_reused */
  private async findSame(session: Session, { id, workflow }: WorkflowPlan): Promise<StartedWorkflow> {
    const { idempotency, createdBy } = workflow;
    const { rows } = await session.query<{ id: string; fingerprint: string | null }>(SELECT_SAME_WORKFLOW, [
      id,
      idempotency?.key ?? null,
      createdBy ?? null,
    ]);
    const [same] = rows;
    if (!same) throw new Error(`Workflow ${id} was neither stored nor there before`);
    if (same.id !== id && same.fingerprint !== idempotency?.fingerprint) throw reused(same.id);
    const { rows: jobs } = await session.query<StartedJob>(SELECT_MEMBERS, [same.id]);
    return { id: same.id, created: false, jobs };
  }

  /** The connection broke while committing: what is there was accepted, all of it or nothing. */
  private async lookUpAfterLostCommit({ id }: WorkflowPlan, cause: Error): Promise<Stored> {
    const { rows: jobs } = await this.postgres
      .query<StartedJob>(SELECT_MEMBERS, [id])
      .catch(() => rethrowUnavailable(cause));
    if (jobs.length === 0) return rethrowUnavailable(cause);
    return { answer: { id, created: true, jobs }, enqueued: [] };
  }
}

/** Its jobs, and the one that follows. */
function jobsOf({ id, jobs, finisher }: WorkflowPlan): readonly ResolvedJob[] {
  return finisher ? [...jobs, { ...finisher, id }] : jobs;
}

function reused(workflowId: string): DomainError {
  const detail = `This idempotency key was used for another request, which made workflow ${workflowId}: use a new key`;
  return new DomainError('idempotency_key_reused', detail, {
    members: { workflow_id: workflowId },
    faults: [{ pointer: '', detail, code: 'idempotency_key_reused' }],
  });
}
