import { Choice } from '../common/http/index.js';
import { CreateWorkflowRequest } from '../workflows/index.js';
import { MISSED_POLICIES, type MissedPolicy } from './schedule.js';
import { JobTemplateRequest } from './targets/job-template.dto.js';
import { JobField, WorkflowField } from './target-fields.js';
import { CronField, RruleField, TimezoneField } from './timing-fields.js';

/** What to change; what is left out stays as it is. */
export class EditScheduleRequest {
  @CronField({ description: 'Another cron expression; it also takes the place of a rule.' })
  cron?: string;

  @RruleField({ description: 'Another recurrence rule; it also takes the place of a cron expression.' })
  rrule?: string;

  @TimezoneField({ description: 'Another time zone: the same times by its clocks.' })
  timezone?: string;

  @Choice({
    description: 'What becomes of occurrences that were missed from now on.',
    choices: MISSED_POLICIES,
    optional: true,
    example: 'skip',
  })
  missed?: MissedPolicy;

  @JobField({ description: 'Another job, instead of all of the present job or workflow.' })
  job?: JobTemplateRequest;

  @WorkflowField({ description: 'Another workflow, instead of all of the present job or workflow.' })
  workflow?: CreateWorkflowRequest;
}
