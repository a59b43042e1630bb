import { PageCursor, PageSize } from '../common/http/index.js';

/** Where to go on in the list of operations. */
export class ListBulkOperationsRequest {
  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}
