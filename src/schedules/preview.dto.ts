import { Integer, ListOf, Text } from '../common/http/index.js';
import { CronField, RruleField, TimezoneField } from './timing-fields.js';

/** How many occurrences to work out. */
export class PreviewRequest {
  @Integer({ description: 'Occurrences.', min: 1, max: 100, optional: true, default: 10, example: 5 })
  count?: number;
}

/** The times of a schedule that is not there yet. */
export class PreviewTimingRequest {
  @CronField()
  cron?: string;

  @RruleField()
  rrule?: string;

  @TimezoneField({
    description: 'The IANA time zone whose clocks count. Default: that of DTSTART, else UTC.',
    default: 'UTC',
  })
  timezone?: string;

  @Integer({ description: 'Occurrences.', min: 1, max: 100, optional: true, default: 10, example: 5 })
  count?: number;
}

/** A time at which a schedule fires. */
export class OccurrenceResponse {
  @Text({ description: 'In UTC.', maxLength: 30, format: 'date-time', example: '2026-02-02T08:30:00.000Z' })
  utc: string;

  @Text({
    description: 'The same by the clocks of its time zone.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-02T09:30:00+01:00',
  })
  local: string;
}

/** The next times at which a schedule fires, unless it is paused. */
export class PreviewResponse {
  @Text({ description: 'The time zone whose clocks count.', maxLength: 64, example: 'Europe/Berlin' })
  timezone: string;

  @ListOf({
    description: 'From now on, in their order; fewer than asked for when the rule ends.',
    of: OccurrenceResponse,
  })
  occurrences: OccurrenceResponse[];
}
