import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { eventually } from './eventually.js';
import { type ReceivedSpan, spansIn } from './otlp-wire.js';

/** A collector of a test's own: OTLP over HTTP, in protobuf. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All bytes that have arrived. */
  bytes = Buffer.alloc(0);

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        if (request.method !== 'POST' || request.url !== '/v1/traces') {
          response.writeHead(404).end();
          return;
        }
        receiver.bytes = Buffer.concat([receiver.bytes, body]);
        receiver.spans.push(...spansIn(body));
        response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
      });
    });
    const receiver = new OtlpReceiver(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves with the spans of a trace, the first one first, once spans of all these names are among them. */
  trace(traceId: string, ...names: readonly string[]): Promise<ReceivedSpan[]> {
    return eventually(() => {
      const spans = this.spans.filter((span) => span.traceId === traceId);
      const waiting = spans.map(({ name }) => name);
      // A name that is wanted twice must have come twice.
      const missing = names.filter((name) => {
        const at = waiting.indexOf(name);
        if (at >= 0) waiting.splice(at, 1);
        return at < 0;
      });
      if (missing.length > 0)
        throw new Error(`No ${missing.join(', ')} among ${spans.map(({ name }) => name).join(', ')}`);
      return spans.sort((one, other) => one.startMs - other.startMs);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
