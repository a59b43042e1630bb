import { Without } from '../../common/http/index.js';
import { CreateJobRequest } from '../../jobs/index.js';

/** What makes no sense of a job that comes again and again: its own time, its own key, parents of one time only. */
const NOT_OF_A_TEMPLATE = [
  'scheduled_at',
  'schedule_at',
  'schedule_in',
  'idempotency_key',
  'depends_on',
] as const;

/** The job that is enqueued for each occurrence: the fields of a submission, but for its time, key and parents. */
export class JobTemplateRequest extends Without(CreateJobRequest, NOT_OF_A_TEMPLATE) {}
