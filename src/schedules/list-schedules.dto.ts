import { PageCursor, PageSize } from '../common/http/index.js';

/** How many schedules to list, and where to go on. */
export class ListSchedulesRequest {
  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}
