import type { Fault, Job, Problem, Workflow } from './wire.js';

/** All errors of this client. */
export class RoundhouseError extends Error {
  override readonly name: string = 'RoundhouseError';
}

/** What an answer says, at the least. */
type Refusal = Omit<Problem, 'request_id'> & { readonly request_id?: string | undefined };

/** The service has refused a request, or something before it did (RFC 9457). */
export class ProblemError extends RoundhouseError {
  override readonly name = 'ProblemError';
  /** The status of HTTP. */
  readonly status: number;
  /** What it is, for programs, such as `unknown_job_type`; `http_502` when the answer does not come from Roundhouse. */
  readonly code: string;
  /** One sentence that says what to do. */
  readonly detail: string;
  /** Every fault of the request, each with the JSON pointer to it. */
  readonly errors: readonly Fault[];
  /** Under which the service's log tells more. */
  readonly requestId: string | undefined;
  /** In how many seconds the service asks to be called again. */
  readonly retryAfter: number | undefined;
  /** The whole answer, with what only some problems have, such as `existing_job_id`. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(problem: Refusal, retryAfter: number | undefined) {
    const { status, code, detail, errors = [], request_id } = problem;
    super(`${detail} [${[status, code, request_id].filter((part) => part !== undefined).join(' ')}]`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.requestId = request_id;
    this.retryAfter = retryAfter;
    this.problem = { ...problem };
  }
}

/** No answer came, or none that Roundhouse gives: whether the request was carried out is not known. */
export class ConnectionError extends RoundhouseError {
  override readonly name = 'ConnectionError';
}

/** A job that was waited for has ended FAILED or CANCELLED. */
export class JobFailedError extends RoundhouseError {
  override readonly name = 'JobFailedError';

  constructor(
    /** The job as it has ended; `error_message` tells why it failed. */
    readonly job: Job,
  ) {
    const why = job.error_message ? `: ${job.error_message}` : '.';
    super(`Job ${job.job_id} (${job.type}) has ended ${job.status}${why}`);
  }
}

/** A workflow or group that was waited for has ended FAILED or CANCELLED. */
export class WorkflowFailedError extends RoundhouseError {
  override readonly name = 'WorkflowFailedError';

  constructor(
    /** The workflow as it has ended. */
    readonly workflow: Workflow,
  ) {
    super(`Workflow ${workflow.workflow_id} has ended ${workflow.status}.`);
  }
}

/** What was waited for has not ended in time. It goes on, and can be waited for again. */
export class WaitTimeoutError extends RoundhouseError {
  override readonly name = 'WaitTimeoutError';

  constructor(
    /** The job's or the workflow's. */
    readonly id: string,
    ms: number,
  ) {
    super(`${id} has not ended within ${ms} ms. It goes on: wait for it again, or cancel it.`);
  }
}

/** A webhook is not from the service, or not from now. */
export class WebhookVerificationError extends RoundhouseError {
  override readonly name = 'WebhookVerificationError';
}
