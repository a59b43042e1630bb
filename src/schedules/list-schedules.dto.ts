import { Integer, Text } from '../common/http/index.js';

/** How many schedules to list, and where to go on. */
export class ListSchedulesRequest {
  @Integer({ description: 'Schedules a page.', min: 1, max: 200, optional: true, default: 50, example: 50 })
  limit?: number;

  @Text({
    description: 'The `next_cursor` of the page before.',
    minLength: 1,
    maxLength: 200,
    optional: true,
  })
  cursor?: string;
}
