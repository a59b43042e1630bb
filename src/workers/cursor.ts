import { invalid, isUuid } from '../common/index.js';

/** The last worker of a page. */
export interface Position {
  readonly startedAt: Date;
  readonly id: string;
}

/** Where to go on, as a text for the caller to hand back. */
export function encodeCursor({ startedAt, id }: Position): string {
  return Buffer.from(`${startedAt.getTime()} ${id}`).toString('base64url');
}

/** @throws DomainError invalid_cursor */
export function decodeCursor(cursor: string): Position {
  const [time, id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const startedAt = new Date(Number(time));
  if (isUuid(id) && !Number.isNaN(startedAt.getTime())) return { startedAt, id };
  const detail = 'This cursor is not one that GET /workers gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
