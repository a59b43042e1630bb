import { invalid } from '../../common/index.js';

/** How far a stream has come: the last event and the last log line that were sent. */
export interface StreamCursor {
  /** −1 = not even the submission. */
  readonly event: number;
  readonly log: number;
}

export const START: StreamCursor = { event: -1, log: 0 };

/** At most 15 digits each: exact as a number, and a bigint to PostgreSQL. */
const CURSOR = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

/** The id of a message in a stream: `<event>.<log line>`. */
export function encodeStreamCursor({ event, log }: StreamCursor): string {
  return `${event}.${log}`;
}

/** Reads a `Last-Event-ID`; the id of an event alone will do. @throws DomainError invalid_cursor */
export function decodeStreamCursor(text: string): StreamCursor {
  const [, event, log = '0'] = CURSOR.exec(text.trim()) ?? [];
  if (event !== undefined) return { event: Number(event), log: Number(log) };
  const detail =
    'This Last-Event-ID is not one that the stream gave out: leave it out to start from the beginning';
  throw invalid('invalid_cursor', [{ pointer: '/Last-Event-ID', detail, code: 'invalid_cursor' }]);
}
