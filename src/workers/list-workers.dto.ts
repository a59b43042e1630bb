import { PageCursor, PageSize } from '../common/http/index.js';

/** How many workers to list, and where to go on. */
export class ListWorkersRequest {
  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}
