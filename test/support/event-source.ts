import { eventually } from './eventually.js';

/** A message of a stream of Server-Sent Events, and when it arrived (epoch ms). */
export interface Message {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: any;
  readonly at: number;
}

/** A client that reads a stream of Server-Sent Events and, unlike a browser, does not come back by itself. */
export class EventSource {
  readonly messages: Message[] = [];
  /** All that arrived, comments included. */
  text = '';
  /** Resolves when the server has ended the stream; rejects when the connection broke. */
  readonly ended: Promise<void>;
  private rest = '';

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly body: ReadableStream<Uint8Array> | null,
    private readonly aborting: AbortController,
  ) {
    this.ended = this.read();
    this.ended.catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
    const aborting = new AbortController();
    const response = await fetch(url, {
      headers: { Accept: 'text/event-stream', ...headers },
      signal: aborting.signal,
    });
    return new EventSource(response.status, response.headers, response.body, aborting);
  }

  /** The client goes away without a word. */
  close(): void {
    this.aborting.abort();
  }

  /** Resolves with the first message of this event once it has arrived. */
  heard(event: string, withinMs?: number): Promise<Message> {
    return eventually(() => this.messages.find((message) => message.event === event), withinMs);
  }

  /** The events so far, in order. */
  get events(): string[] {
    return this.messages.map((message) => message.event);
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.body ?? []) this.take(decoder.decode(chunk, { stream: true }));
  }

  private take(text: string): void {
    this.text += text;
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      this.messages.push({
        event: fields.get('event') ?? 'message',
        id: fields.get('id'),
        data: JSON.parse(data),
        at: Date.now(),
      });
    }
  }
}
