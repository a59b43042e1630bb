import { Without } from '../../common/http/index.js';
import { CreateJobRequest } from '../../jobs/index.js';

const HAS_TIMES = 'A schedule has times of its own: cron, or rrule.';

/** What makes no sense of a job that comes again and again. */
const NOT_OF_A_TEMPLATE = {
  scheduled_at: HAS_TIMES,
  schedule_at: HAS_TIMES,
  schedule_in: HAS_TIMES,
  idempotency_key: 'Each occurrence is a job of its own, and is enqueued once without a key.',
  depends_on:
    'What it waited for would be over after the first occurrence: send a workflow for jobs that wait for each other.',
} as const;

/** The job that is enqueued for each occurrence: the fields of a submission, but for its time, key and parents. */
export class JobTemplateRequest extends Without(CreateJobRequest, NOT_OF_A_TEMPLATE) {}
