/** Every error a caller can meet: its stable code, its HTTP status and its title. */
export const problems = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  forbidden_key: { status: 400, title: 'The body holds a key that is never accepted' },
  bad_encoding: { status: 400, title: 'The body is not valid UTF-8' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'It is not known who calls' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  foreign_site: { status: 403, title: 'The request comes from another website' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  job_not_found: { status: 404, title: 'No such job' },
  artifact_not_found: { status: 404, title: 'The job has no such artifact' },
  joke_not_found: { status: 404, title: 'No such joke' },
  queue_not_found: { status: 404, title: 'No such queue' },
  worker_not_found: { status: 404, title: 'No such worker' },
  workflow_not_found: { status: 404, title: 'No such workflow' },
  lease_not_found: { status: 404, title: 'No such lease' },
  job_type_not_found: { status: 404, title: 'No such job type' },
  bulk_operation_not_found: { status: 404, title: 'No such bulk operation' },
  schedule_not_found: { status: 404, title: 'No such schedule' },
  webhook_not_found: { status: 404, title: 'No such webhook' },
  delivery_not_found: { status: 404, title: 'No such delivery' },
  key_not_found: { status: 404, title: 'No such API key' },
  error_group_not_found: { status: 404, title: 'No such group of errors' },
  method_not_allowed: { status: 405, title: 'This address does not answer this method' },
  job_state_conflict: { status: 409, title: 'The state of the job does not allow this' },
  workflow_state_conflict: { status: 409, title: 'The state of the workflow does not allow this' },
  job_already_exists: { status: 409, title: 'A job with this unique key exists' },
  schedule_already_exists: { status: 409, title: 'A schedule of this name exists' },
  bulk_operation_finished: { status: 409, title: 'The bulk operation has ended' },
  dependency_failed: { status: 409, title: 'A job this one depends on did not complete' },
  key_state_conflict: { status: 409, title: 'The state of the API key does not allow this' },
  webhook_disabled: { status: 409, title: 'The webhook is disabled' },
  too_many_webhooks: { status: 409, title: 'There are as many webhooks as there can be' },
  worker_state_conflict: { status: 409, title: 'The state of the worker does not allow this' },
  lease_lost: { status: 409, title: 'The lease is not held any more' },
  job_type_conflict: { status: 409, title: 'The job type cannot be declared or removed' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  precondition_failed: { status: 412, title: 'It has changed since it was read' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  range_not_satisfiable: { status: 416, title: 'The range lies outside of the artifact' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  invalid_unicode: { status: 422, title: 'The body holds text that cannot be stored' },
  invalid_number: { status: 422, title: 'The body holds a number that cannot be kept exactly' },
  too_deep: { status: 422, title: 'The body is nested too deeply' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  unknown_job_type: { status: 422, title: 'No such job type' },
  invalid_cursor: { status: 422, title: 'The cursor is not valid' },
  unknown_host: { status: 421, title: 'The service is not known under this name' },
  precondition_required: { status: 428, title: 'The version to be changed must be named' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_held: { status: 429, title: 'Too many answers are waited for' },
  queue_full: { status: 429, title: 'The queue takes no more jobs for now' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  too_many_streams: { status: 503, title: 'Too many event streams are open' },
  too_many_polls: { status: 503, title: 'Too many workers wait for jobs' },
  overloaded: { status: 503, title: 'The service is busier than it can keep up with' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  issuer_unavailable: { status: 503, title: 'The issuer of access tokens cannot be asked' },
  secrets_key_unavailable: { status: 503, title: 'The key for secrets cannot be used' },
  storage_full: { status: 503, title: 'The database has no space left' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One fault of a request: where it is (a JSON pointer), what is wrong, and a stable code. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
  readonly code: string;
}

/** An error that may be shown to a caller: a code of the table and one plain sentence. */
export class DomainError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly options: {
      readonly faults?: readonly Fault[];
      readonly retryAfterSeconds?: number;
      /** Further members of the problem, such as the current state of a job. */
      readonly members?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
  }
}

/** Nobody reads more, and an answer must not be many times as large as what was asked. */
const MOST_TOLD = 100;

/** The same, for a request whose faults are known one by one: as many of them as anybody reads. */
export function invalid(code: ProblemCode, faults: readonly Fault[]): DomainError {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const told = faults.slice(0, MOST_TOLD);
  return new DomainError(code, `${first?.detail ?? problems[code].title}${more}`, { faults: told });
}

/** The message of anything that was thrown, also of what is not an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
