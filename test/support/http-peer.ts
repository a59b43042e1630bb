import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What answers at a path. */
export type Route = (response: ServerResponse, request: Arrived) => void;

/** An HTTP server of a test's own. */
export interface HttpPeer {
  readonly url: string;
  readonly port: number;
  /** What has arrived, the first one first. */
  readonly requests: Arrived[];
  /** How many connections are open. */
  connections(): Promise<number>;
  stop(): Promise<void>;
}

/** Serves these paths on a free port of 127.0.0.1; any other is 404. */
export async function startHttpPeer(routes: Readonly<Record<string, Route>>): Promise<HttpPeer> {
  const requests: Arrived[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const arrived = { method, url, headers, body };
      requests.push(arrived);
      const route = routes[url.split('?')[0] ?? ''];
      if (route) route(response, arrived);
      else response.writeHead(404).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Writes on and on, as fast as it is read, until the client is gone. */
export function writeForEver(response: ServerResponse, chunk: Buffer): void {
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}
