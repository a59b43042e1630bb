import { ApiParam } from '@nestjs/swagger';

/** The id in the address, as the documentation has it. */
export function JobIdParam(): MethodDecorator {
  return ApiParam({
    name: 'job_id',
    description: 'The id that the submission answered with.',
    schema: { type: 'string', format: 'uuid' },
  });
}
