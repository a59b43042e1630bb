import { Integer, Text } from '../common/http/index.js';

/** Where to go on in the list of operations. */
export class ListBulkOperationsRequest {
  @Integer({ description: 'Operations a page.', min: 1, max: 200, optional: true, default: 50, example: 50 })
  limit?: number;

  @Text({
    description: 'The `next_cursor` of the page before.',
    minLength: 1,
    maxLength: 200,
    optional: true,
  })
  cursor?: string;
}
