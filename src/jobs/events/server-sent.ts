import type { EventResponse } from './event.response.js';
import type { LogLine, News, ReportedProgress } from './news.query.js';
import { type StreamCursor, encodeStreamCursor } from './stream-cursor.js';

/** Tells an EventSource after how long (ms) to come back when the connection is lost. */
export const PREAMBLE = 'retry: 1000\n\n';

/** A comment, which clients ignore: keeps proxies from taking silence for the end. */
export const HEARTBEAT = ': heartbeat\n\n';

/** One message of a stream. JSON has no line breaks, so its text is one line. */
export function message(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Puts news into messages, in the order of their times, each with the cursor to go on from. */
export function toMessages(
  { events, logs, progress }: News,
  from: StreamCursor,
  known: ReportedProgress | null,
): { text: string; cursor: StreamCursor } {
  let cursor = from;
  const messages = merge(events, logs).map((item) => {
    cursor = 'level' in item ? { ...cursor, log: item.id } : { ...cursor, event: item.id };
    return message('level' in item ? 'log' : item.event, item, encodeStreamCursor(cursor));
  });
  if (progress && !isSame(progress, known)) messages.push(message('progress', progress));
  return { text: messages.join(''), cursor };
}

/** Each list keeps its own order, that of its ids: the cursor counts on it. */
function merge(events: readonly EventResponse[], logs: readonly LogLine[]): (EventResponse | LogLine)[] {
  const merged: (EventResponse | LogLine)[] = [];
  let next = 0;
  for (const event of events) {
    for (let line = logs[next]; line && line.at < event.at; line = logs[++next]) merged.push(line);
    merged.push(event);
  }
  return [...merged, ...logs.slice(next)];
}

function isSame(one: ReportedProgress, other: ReportedProgress | null): boolean {
  return one.at === other?.at && one.percent === other.percent && one.message === other.message;
}
