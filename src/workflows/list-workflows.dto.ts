import { Choice, PageCursor, PageSize, Text } from '../common/http/index.js';
import { WORKFLOW_STATUSES, type WorkflowStatus } from '../queue/index.js';

/** Which page of a list. */
export class PageRequest {
  @PageSize({ max: 1000 })
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** Which workflows. */
export class ListWorkflowsRequest extends PageRequest {
  @Text({
    description: 'Only those of this name.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    example: 'monthly-report',
  })
  name?: string;

  @Text({
    description: 'Only those with this tag.',
    minLength: 1,
    maxLength: 100,
    optional: true,
    example: 'schedule:weekday-report',
  })
  tag?: string;

  @Choice({
    description: 'Only those of this status.',
    choices: WORKFLOW_STATUSES,
    optional: true,
    example: 'FAILED',
  })
  status?: WorkflowStatus;
}
