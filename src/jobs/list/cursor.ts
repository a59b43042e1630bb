import { invalid, isUuid } from '../../common/index.js';

/** Before the newest job there can be. */
const BEGINNING = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The id of the last job that was passed; undefined = none yet. */
export function encodeCursor(id: string = BEGINNING): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** @throws DomainError invalid_cursor */
export function decodeCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (isUuid(id)) return id;
  const detail = 'This cursor is not one that GET /jobs gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
