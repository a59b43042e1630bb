import { Choice, Integer, ListOf, Text } from '../common/http/index.js';
import { type Managed, WORKFLOW_STATUSES, type Workflow, type WorkflowStatus } from '../queue/index.js';

const ID = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;
const amount = { min: 0, max: 10_000, example: 3 } as const;

/** Nobody reads more. */
const MOST_REFUSALS = 20;

/** Why a job of a workflow could not be changed. */
export class RefusedJobResponse {
  @Text({ description: 'The id of the job.', ...ID })
  job_id: string;

  @Text({ description: 'Why, as a stable code.', maxLength: 100, example: 'job_already_exists' })
  code: string;

  @Text({
    description: 'Why, and what to do.',
    maxLength: 5000,
    example: 'Another job with the same unique key waits: cancel that one first',
  })
  detail: string;
}

/** What came of a wish for a whole workflow. */
export class InterventionResponse {
  @Text({ description: 'The workflow.', ...ID })
  workflow_id: string;

  @Choice({ description: 'How it stands now.', choices: WORKFLOW_STATUSES, example: 'RUNNING' })
  status: WorkflowStatus;

  @Integer({ description: 'Jobs for which it was done.', ...amount })
  done: number;

  @Integer({ description: 'Running jobs that were told to end.', ...amount, example: 1 })
  requested: number;

  @Integer({ description: 'Jobs for which it could not be done.', ...amount, example: 0 })
  refused: number;

  @ListOf({ description: 'Why not; the first twenty.', of: RefusedJobResponse })
  refusals: RefusedJobResponse[];
}

export function toInterventionResponse(
  { id, status }: Workflow,
  managed: readonly Managed[],
): InterventionResponse {
  const count = (result: Managed['result']) => managed.filter((one) => one.result === result).length;
  const refused = managed.filter(({ result }) => result === 'conflict');
  return {
    workflow_id: id,
    status,
    done: count('done'),
    requested: count('requested'),
    refused: refused.length,
    refusals: refused.slice(0, MOST_REFUSALS).map(({ id: job_id, code, detail }) => ({
      job_id,
      code: code ?? 'job_state_conflict',
      detail: detail ?? '',
    })),
  };
}
