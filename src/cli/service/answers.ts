/** The parts of the service's answers that are shown; with --json they go out as they came. */
export type Status = 'BLOCKED' | 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface JobAnswer {
  readonly job_id: string;
  readonly type: string;
  readonly queue_name: string;
  readonly status: Status;
  readonly priority: number;
  readonly payload: object;
  readonly result: unknown;
  readonly error_message: string | null;
  readonly attempts: number;
  readonly max_attempts: number | null;
  readonly idempotency_key: string | null;
  readonly lock: string | null;
  readonly limit_key: string | null;
  readonly unique_key: string | null;
  readonly tags: readonly string[];
  readonly workflow_id: string | null;
  readonly depends_on: readonly string[];
  readonly progress: ProgressAnswer | null;
  readonly worker_id: string | null;
  readonly created_at: string;
  readonly scheduled_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface ProgressAnswer {
  readonly percent: number;
  readonly message: string | null;
}

export interface EventAnswer {
  readonly id: number;
  readonly event: string;
  readonly attempt: number;
  readonly at: string;
  readonly worker_id: string | null;
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly actor: string | null;
}

export interface LogAnswer {
  readonly id: number;
  readonly attempt: number;
  readonly at: string;
  readonly level: string;
  readonly message: string;
}

/** A bulk operation, from its start to its end. */
export interface OperationAnswer {
  readonly operation_id: string;
  readonly action: string;
  readonly state: 'queued' | 'running' | 'completed' | 'aborted' | 'failed';
  readonly matched: number | null;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly errors: readonly { readonly code: string; readonly detail: string; readonly count: number }[];
  readonly eta: string | null;
  readonly error_message: string | null;
  readonly created_at: string;
  readonly created_by: string;
}

/** What a bulk operation would do. */
export interface DryRunAnswer {
  readonly matched: number;
  readonly matched_is_exact: boolean;
  readonly would_change: number;
}
