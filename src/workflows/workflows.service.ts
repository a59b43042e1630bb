import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdGenerator, invalid, withFurtherFaults } from '../common/index.js';
import { isJsonObject } from '../common/json-object.js';
import { toValid } from '../common/http/index.js';
import {
  FinisherRequest,
  JobGroups,
  JobsService,
  QueueBounds,
  faultsAt,
  readEach,
  refuseAnswering,
} from '../jobs/index.js';
import { type NewWorkflow, type StartedWorkflow, type WorkflowJob, Workflows } from '../queue/index.js';
import { CreateWorkflowRequest, WorkflowJobRequest } from './create-workflow.dto.js';
import { drafts } from './drafts.js';
import { WorkflowGraph } from './graph.js';
import { type Label, labelled } from './labelled.js';
import { type Names, unknownJob, withAnyReferences, withoutReferences } from './references.js';

/** How a workflow is started. */
export interface WorkflowStart extends Label {
  /** An id of the caller's own (UUIDv7): starting it again makes nothing new, and gives back the first. */
  readonly id?: string;
  /** The caller's TypeORM transaction, which it joins. */
  readonly manager?: EntityManager;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey?: string | undefined;
}

/** Decides what a request for a workflow means before the queue accepts it. */
@Injectable()
export class WorkflowsService {
  constructor(
    private readonly workflows: Workflows,
    private readonly jobs: JobsService,
    private readonly groups: JobGroups,
    private readonly ids: IdGenerator,
    private readonly bounds: QueueBounds,
  ) {}

  /**
   * Accepts a workflow with all of its jobs, or nothing.
   * @throws DomainError validation_failed, idempotency_key_reused, job_already_exists, database_unavailable
   */
  async start(
    request: CreateWorkflowRequest,
    { id, manager, idempotencyKey, ...label }: WorkflowStart = {},
  ): Promise<StartedWorkflow> {
    const workflow = await this.read(request, id ?? this.ids.next(), idempotencyKey);
    const labelledOne = labelled(workflow, label);
    // Who brings a transaction is a schedule, which was accepted long ago.
    return this.bounds.hiding(() =>
      manager
        ? this.workflows.start(labelledOne, { manager })
        : this.workflows.start({ ...labelledOne, heedsQuota: true }),
    );
  }

  /**
   * Says everything that is wrong with a request, and starts nothing. Keys that others hold are no fault of it.
   * @param body not checked yet
   * @returns the types of its jobs, each once
   * @throws DomainError validation_failed, unknown_job_type, database_unavailable
   */
  async check(body: unknown): Promise<string[]> {
    const workflow = await this.read(await toValid(CreateWorkflowRequest, body), this.ids.next());
    await this.workflows.check(workflow);
    const { jobs, onFinished } = workflow;
    return [...new Set([...jobs, ...(onFinished ? [onFinished] : [])].map(({ type }) => type))];
  }

  private async read(
    request: CreateWorkflowRequest,
    id: string,
    idempotencyKey?: string,
  ): Promise<NewWorkflow> {
    try {
      return await this.readSound(request, id, idempotencyKey);
    } catch (error) {
      throw await withFurtherFaults(
        error,
        () => new WorkflowGraph(drafts(request.jobs)),
        () => readEach(request.jobs, (body) => this.checkApart(body, id)),
        () => this.checkFinisherApart(request.on_finished, id),
      );
    }
  }

  /** A job without regard to the others: what it refers to is taken to be there. */
  private async checkApart(body: unknown, id: string): Promise<void> {
    if (!isJsonObject(body)) return;
    const payload = isJsonObject(body.payload) ? withAnyReferences(body.payload, id) : undefined;
    await this.jobs.checkKind({ ...body, payload });
  }

  private async checkFinisherApart(finisher: FinisherRequest | undefined, id: string): Promise<void> {
    if (!finisher) return;
    try {
      await this.checkApart(finisher, id);
    } catch (error) {
      throw invalid('validation_failed', faultsAt('/on_finished', error));
    }
  }

  private async readSound(
    request: CreateWorkflowRequest,
    id: string,
    idempotencyKey?: string,
  ): Promise<NewWorkflow> {
    const requests = await readEach(request.jobs, (body) => this.readForm(body));
    const graph = new WorkflowGraph(requests);
    const ids = this.idsFor(graph);
    const jobs = await readEach(requests, (job, at, place) =>
      this.readJob(job, at, { graph, ids, place, id }),
    );
    const finisher = request.on_finished && this.finisherOf(request.on_finished, graph, ids, id);
    const common = await this.groups.commonOf({ group: request, finisher, idempotencyKey, request });
    return { ...common, id, jobs: graph.order.flatMap((place) => jobs[place] ?? []) };
  }

  private async readForm(body: unknown): Promise<WorkflowJobRequest> {
    this.jobs.refuseLarge(body);
    const request = await toValid(WorkflowJobRequest, body);
    refuseAnswering(request.unique);
    return request;
  }

  /** Ids grow as jobs can start, so that a list of them reads like the workflow. */
  private idsFor({ order }: WorkflowGraph): ReadonlyMap<number, string> {
    return new Map(order.map((place) => [place, this.ids.next()]));
  }

  private async readJob(
    { ref, depends_on: _, ...request }: WorkflowJobRequest,
    at: string,
    {
      graph,
      ids,
      place,
      id,
    }: { graph: WorkflowGraph; ids: ReadonlyMap<number, string>; place: number; id: string },
  ): Promise<WorkflowJob> {
    const payload = withoutReferences(request.payload, {
      workflowId: id,
      jobIdOf: (wanted) => ancestorOf(wanted, place, graph, ids),
    });
    const job = await this.jobs.read({ ...request, payload }, { at });
    const dependsOn = (graph.edges[place] ?? []).flatMap(({ to, onFailure }) => {
      const jobId = ids.get(to);
      return jobId === undefined ? [] : [{ jobId, onFailure }];
    });
    return { ...job, id: ids.get(place) ?? this.ids.next(), ref, dependsOn };
  }

  /** It follows all of them, and may speak of each. */
  private finisherOf(
    finisher: FinisherRequest,
    graph: WorkflowGraph,
    ids: ReadonlyMap<number, string>,
    workflowId: string,
  ): FinisherRequest {
    const jobIdOf: Names['jobIdOf'] = (ref) =>
      ids.get(graph.placeOf(ref) ?? -1) ?? unknownJob(ref, graph.refs);
    try {
      const payload = withoutReferences(finisher.payload, { workflowId, jobIdOf });
      return Object.assign(new FinisherRequest(), finisher, { payload });
    } catch (error) {
      throw invalid('validation_failed', faultsAt('/on_finished', error));
    }
  }
}

/** Only what a job waits for is sure to be over when it starts. */
function ancestorOf(
  ref: string,
  place: number,
  graph: WorkflowGraph,
  ids: ReadonlyMap<number, string>,
): string | { refusal: string } {
  const found = graph.placeOf(ref);
  const id = found === undefined ? undefined : ids.get(found);
  if (found === undefined || id === undefined) return unknownJob(ref, graph.refs);
  if (graph.isAncestor(found, place)) return id;
  return {
    refusal: `This job does not wait for "${ref}", which may not have ended when it starts: name "${ref}" in depends_on`,
  };
}
