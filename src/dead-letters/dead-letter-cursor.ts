import { invalid, isUuid } from '../common/index.js';

/** A place in the list of dead letters: when a job failed, and which. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

const TIME_BYTES = 6;

export function encodePosition({ at, id }: Position): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(at.getTime(), 0, TIME_BYTES);
  return Buffer.concat([time, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');
}

/** @throws DomainError invalid_cursor */
export function decodePosition(cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const hex = bytes.subarray(TIME_BYTES).toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (isUuid(id)) return { at: new Date(bytes.readUIntBE(0, TIME_BYTES)), id };
  throw wrongCursor('GET /dead-letters');
}

/** The refusal of a cursor that an address did not give out. */
export function wrongCursor(address: string) {
  const detail = `This cursor is not one that ${address} gave out: start without a cursor`;
  return invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
