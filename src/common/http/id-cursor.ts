import { invalid, isUuid } from '../index.js';

/** The id that a page ended with; null = the first page. @throws DomainError invalid_cursor */
export function cursorFrom(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (isUuid(cursor)) return cursor;
  const detail = 'This cursor is not one that the page before gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
