import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { type Cluster, fileOf, writeDurably } from './cluster.ts';

/** The port the cluster had last time, so that what people noted keeps working; else a free one. */
export async function choosePort(cluster: Cluster): Promise<number> {
  const last = lastPort(cluster);
  return last !== undefined && (await listenOn(last)) !== undefined ? last : freePort();
}

/** Any port that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = await listenOn(0);
  if (port === undefined) throw new Error('127.0.0.1 has no free port');
  return port;
}

/** Keeps the port for the next start. */
export function rememberPort(cluster: Cluster, port: number): void {
  if (lastPort(cluster) !== port) writeDurably(cluster, 'port', `${port}\n`);
}

function lastPort(cluster: Cluster): number | undefined {
  try {
    const port = Number(readFileSync(fileOf(cluster, 'port'), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

function listenOn(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => done(taken));
    });
  });
}
