import { ApiBody } from '@nestjs/swagger';
import type { ClassConstructor } from 'class-transformer';

/** One of `cron` and `rrule` is needed, and one of `job` and `workflow`, which no schema says as well as an example that works. */
export const CREATE_EXAMPLES = {
  cron: {
    summary: 'At half past nine on weekdays',
    value: {
      name: 'weekday-report',
      cron: '30 9 * * MON-FRI',
      timezone: 'Europe/Berlin',
      missed: 'once',
      job: { type: 'echo', payload: { report: 'sales' } },
    },
  },
  rrule: {
    summary: 'On the last Friday of a month',
    value: {
      name: 'month-end',
      rrule: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0',
      timezone: 'America/New_York',
      job: { type: 'echo', payload: { report: 'month' } },
    },
  },
  workflow: {
    summary: 'Two jobs, one after the other, every night',
    value: {
      name: 'nightly',
      cron: '0 3 * * *',
      workflow: {
        name: 'nightly',
        jobs: [
          { ref: 'fetch', payload: { from: 'somewhere' } },
          { ref: 'tell', depends_on: ['fetch'], payload: { of: { $job: 'fetch' } } },
        ],
      },
    },
  },
};

export const PREVIEW_EXAMPLES = {
  cron: {
    summary: 'Every quarter of an hour',
    value: { cron: '*/15 * * * *', timezone: 'Europe/Berlin', count: 5 },
  },
  rrule: {
    summary: 'Every other Sunday from a day on',
    value: { rrule: 'DTSTART;TZID=Asia/Tokyo:20300106T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU' },
  },
};

export const EDIT_EXAMPLES = {
  times: { summary: 'Fire an hour earlier', value: { cron: '30 8 * * MON-FRI' } },
  workflow: {
    summary: 'Start a workflow from now on',
    value: { workflow: { jobs: [{ ref: 'first', payload: { hello: 'world' } }] } },
  },
  missed: { summary: 'Let go of what is missed', value: { missed: 'skip' } },
};

/** The body of a request with examples that work as they are. */
export function BodyWithExamples(
  type: ClassConstructor<object>,
  examples: Record<string, { summary: string; value: object }>,
): MethodDecorator {
  return ApiBody({ type, examples });
}
