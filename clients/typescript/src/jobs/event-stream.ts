/** A message of a stream of Server-Sent Events. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
  /** The id of the latest message that had one. */
  readonly lastEventId: string;
}

/** Reads a stream of Server-Sent Events, as the HTML standard has it, in pieces of any size. */
export class EventStreamParser {
  /** How long (ms) to wait before coming back, where the stream says so. */
  retryMs: number | undefined;
  private rest = '';
  private lastEventId = '';
  private event = '';
  private data: string[] = [];

  /** The messages that this piece completes. */
  feed(piece: string): StreamMessage[] {
    const text = this.rest + piece;
    // A carriage return at the end may be half of a line's end.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? '') + text.slice(end);
    return lines.flatMap((line) => this.take(line) ?? []);
  }

  private take(line: string): StreamMessage | undefined {
    if (line === '') return this.dispatch();
    const [, name = line, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') this.event = value;
    if (name === 'data') this.data.push(value);
    if (name === 'id' && !value.includes('\0')) this.lastEventId = value;
    if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  private dispatch(): StreamMessage | undefined {
    const { event, data, lastEventId } = this;
    this.event = '';
    this.data = [];
    if (data.length === 0) return undefined;
    return { event: event || 'message', data: data.join('\n'), lastEventId };
  }
}
