import { ApiParam } from '@nestjs/swagger';

/** The id in the address, as the documentation has it. */
export function WorkflowIdParam(): MethodDecorator {
  return ApiParam({
    name: 'workflow_id',
    description: 'The id that POST /workflows, or POST /jobs/batch for a group, answered with.',
    schema: { type: 'string', format: 'uuid' },
  });
}
