import { Choice, Text } from '../common/http/index.js';
import { CreateWorkflowRequest } from '../workflows/index.js';
import { MISSED_POLICIES, type MissedPolicy } from './schedule.js';
import { SCHEDULE_NAME } from './schedule-name.js';
import { JobTemplateRequest } from './targets/job-template.dto.js';
import { JobField, WorkflowField } from './target-fields.js';
import { CronField, RruleField, TimezoneField } from './timing-fields.js';

/** A schedule to be made: a name, when (`cron` or `rrule`), and what. */
export class CreateScheduleRequest {
  @Text({
    description: 'What to call it; what it starts has the tag `schedule:` and this name.',
    maxLength: 63,
    pattern: SCHEDULE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    example: 'weekday-report',
  })
  name: string;

  @CronField()
  cron?: string;

  @RruleField()
  rrule?: string;

  @TimezoneField({
    description: 'The IANA time zone whose clocks count. Default: that of DTSTART, else UTC.',
    default: 'UTC',
  })
  timezone?: string;

  @Choice({
    description:
      'What becomes of occurrences that came while nothing ran to fire them, more than 60 s ago: nothing (`skip`), or one run for the latest of them (`once`).',
    choices: MISSED_POLICIES,
    optional: true,
    default: 'skip',
    example: 'once',
  })
  missed?: MissedPolicy;

  @JobField({ description: 'The job that is enqueued for each occurrence. Either this or `workflow`.' })
  job?: JobTemplateRequest;

  @WorkflowField({
    description:
      'The workflow that is started for each occurrence, as POST /workflows takes it. Either this or `job`.',
  })
  workflow?: CreateWorkflowRequest;
}
