import { QUEUE_NAME } from '../common/index.js';

/** Names of schedules are made as those of queues are. */
export const SCHEDULE_NAME = QUEUE_NAME;

/** The name as the documentation has it. */
export const SCHEDULE_NAME_PARAM = {
  name: 'name',
  description: 'The name of the schedule.',
  schema: { type: 'string' },
  example: 'weekday-report',
} as const;
