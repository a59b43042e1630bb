import { WorkflowFailedError } from './errors.js';
import { defined } from './defined.js';
import { PATIENCE_MS, type WaitOptions, pauseAfter, withinTime } from './jobs/wait-for-job.js';
import type { RequestOptions } from './options.js';
import { type Pages, pagesOf } from './pages.js';
import type { Api } from './transport/api.js';
import { pause } from './transport/pause.js';
import type { AnswerOf, ArgumentsOf } from './transport/routes.js';
import {
  type NewWorkflow,
  type StartedWorkflow,
  type Workflow,
  type WorkflowReference,
  workflowIdOf,
} from './wire.js';

/** Which workflows a list has, in the words of `GET /workflows`; `limit` is the size of a page. */
export type WorkflowFilter = Omit<NonNullable<ArgumentsOf<'GET /workflows'>['query']>, 'cursor'>;

/** How a workflow is submitted. */
export interface SubmitWorkflowOptions extends RequestOptions {
  /** 1 to 255 printable characters of ASCII; a random one otherwise. */
  readonly idempotency_key?: string | undefined;
}

/** Workflows and groups. All methods throw ProblemError, ConnectionError and the signal's reason. */
export class Workflows {
  constructor(private readonly api: Api) {}

  /**
   * Submits 1 to 1,000 jobs that wait for each other by their `ref`, all or none, once however often it takes to get an answer.
   * @throws ProblemError 422 with a pointer to each fault
   */
  submit(
    workflow: NewWorkflow,
    { idempotency_key: key, ...options }: SubmitWorkflowOptions = {},
  ): Promise<StartedWorkflow> {
    const header = defined({ 'Idempotency-Key': key });
    return this.api.request('POST /workflows', { header, body: workflow }, options);
  }

  /** With its graph. @throws ProblemError 404 `workflow_not_found` */
  get(workflow: WorkflowReference, options?: RequestOptions): Promise<Workflow> {
    return this.api.request('GET /workflows/{workflow_id}', this.path(workflow), options);
  }

  /** Newest first. */
  list(
    filter: WorkflowFilter = {},
    options?: RequestOptions,
  ): Pages<AnswerOf<'GET /workflows'>['workflows'][number]> {
    return pagesOf('workflows', (cursor) =>
      this.api.request('GET /workflows', { query: { ...filter, ...defined({ cursor }) } }, options),
    );
  }

  /** Cancels all that has not ended. Not tried again when no answer comes. @throws ProblemError 409 when all has */
  cancel(
    workflow: WorkflowReference,
    options?: RequestOptions,
  ): Promise<AnswerOf<'POST /workflows/{workflow_id}/cancel'>> {
    return this.api.request('POST /workflows/{workflow_id}/cancel', this.path(workflow), options);
  }

  /** Runs all that failed or was cancelled again. Not tried again when no answer comes. @throws ProblemError 409 when nothing did */
  retry(
    workflow: WorkflowReference,
    options?: RequestOptions,
  ): Promise<AnswerOf<'POST /workflows/{workflow_id}/retry'>> {
    return this.api.request('POST /workflows/{workflow_id}/retry', this.path(workflow), options);
  }

  /**
   * Resolves with the workflow or group when it is COMPLETED; asks at intervals that grow to 5 s.
   * @throws WorkflowFailedError when it is FAILED or CANCELLED @throws WaitTimeoutError
   */
  waitFor(workflow: WorkflowReference, options: WaitOptions = {}): Promise<Workflow> {
    return withinTime(workflowIdOf(workflow), options, async (signal) => {
      for (let asked = 1; ; asked++) {
        const now = await this.api.persist('GET /workflows/{workflow_id}', this.path(workflow), {
          signal,
          patienceMs: PATIENCE_MS,
        });
        if (now.status === 'COMPLETED') return now;
        if (now.status !== 'RUNNING') throw new WorkflowFailedError(now);
        await pause(pauseAfter(asked), signal);
      }
    });
  }

  private path(workflow: WorkflowReference) {
    return { path: { workflow_id: workflowIdOf(workflow) } };
  }
}
