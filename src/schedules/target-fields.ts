import { Nested } from '../common/http/index.js';
import { CreateWorkflowRequest } from '../workflows/index.js';
import { JobTemplateRequest } from './targets/job-template.dto.js';

/** The job that a schedule enqueues, as a field. */
export function JobField(field: { description: string }): PropertyDecorator {
  const example = { type: 'echo', payload: { hello: 'world' }, tags: ['reports'] };
  return Nested({ ...field, of: JobTemplateRequest, optional: true, example });
}

/** The workflow that a schedule starts, as a field. It has no example: a request takes one of the two. */
export function WorkflowField(field: { description: string }): PropertyDecorator {
  return Nested({ ...field, of: CreateWorkflowRequest, optional: true });
}
