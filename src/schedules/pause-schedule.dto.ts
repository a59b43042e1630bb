import { Text } from '../common/http/index.js';

/** Why a schedule is paused. */
export class PauseScheduleRequest {
  @Text({
    description: 'For whoever wonders.',
    minLength: 1,
    maxLength: 500,
    optional: true,
    example: 'Nobody reads the report in August',
  })
  reason?: string;
}
