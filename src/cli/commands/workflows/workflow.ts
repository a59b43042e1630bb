/** A workflow or a group, as it is shown. */
export interface WorkflowAnswer {
  readonly workflow_id: string;
  readonly name: string | null;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly status: string;
  readonly jobs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly progress: number;
  readonly on_finished: { readonly type: string; readonly job_id: string | null } | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}
