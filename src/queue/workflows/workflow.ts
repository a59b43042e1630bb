import type { WorkflowKind } from './new-workflow.js';

/** How far a workflow has come; docs/workflows.md says which is which. */
export const WORKFLOW_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;

export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

/** How many jobs of a workflow are in which state, those that were deleted since they ended included. */
export interface WorkflowCounts {
  readonly blocked: number;
  readonly pending: number;
  readonly processing: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** A workflow as it stands. */
export interface Workflow {
  readonly id: string;
  readonly name: string | null;
  readonly kind: WorkflowKind;
  readonly tags: readonly string[];
  readonly status: WorkflowStatus;
  /** All of its jobs, without the one that follows its end. */
  readonly jobs: number;
  readonly counts: WorkflowCounts;
  /** The type of the job that follows its end; null = none does. */
  readonly finisherType: string | null;
  /** The latest such job. */
  readonly finisherJob: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}
