import { Agent, type IncomingHttpHeaders, request as openRequest } from 'node:http';
import type { FuzzRequest } from './requests.js';

/** What the API answered. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

/** Longer than anything may take, so that a hang is told as one. */
const PATIENCE_MS = 10_000;

/** Sends requests exactly as they are, which fetch would correct or refuse. */
export class Exchange {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly base: URL;

  constructor(address: string) {
    this.base = new URL(address);
  }

  /** Rejects when there was no answer. A stream of events is left as soon as it has begun. */
  send({ method, url, headers, body, chunked }: FuzzRequest): Promise<FuzzAnswer> {
    const { hostname, port } = this.base;
    const startedAt = performance.now();
    const framing =
      body === undefined
        ? {}
        : chunked
          ? { 'Transfer-Encoding': 'chunked' }
          : { 'Content-Length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const options = {
        agent: this.agent,
        hostname,
        port,
        method,
        path: url,
        headers: { ...headers, ...framing },
      };
      const outgoing = openRequest(options, (answer) => {
        const done = (text: string) =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: text,
            ms: performance.now() - startedAt,
          });
        if (answer.headers['content-type']?.startsWith('text/event-stream')) {
          done('');
          answer.destroy();
          return;
        }
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => done(text)).on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.setTimeout(PATIENCE_MS, () =>
        outgoing.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)),
      );
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
