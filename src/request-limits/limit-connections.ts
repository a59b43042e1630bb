import { Logger } from '@nestjs/common';
import type { Server, Socket } from 'node:net';
import type { HttpLimits } from '../config/index.js';
import type { ClientAddresses } from './client-addresses.js';
import { networkOf, plainAddress } from './networks.js';

/** How often (ms) the log says that connections are turned away. */
const SAID_EVERY_MS = 60_000;

/**
 * Closes connections at once that are too many in all, or of one address. Proxies that we trust bring those of many,
 * and may have all.
 */
export function limitConnections(server: Server, limits: HttpLimits, addresses: ClientAddresses): void {
  const say = sayingRarely();
  const open = new Map<string, number>();
  server.maxConnections = limits.maxConnections;
  server.on('drop', () =>
    say(
      `There are ${limits.maxConnections} connections, and further ones are closed: set HTTP_MAX_CONNECTIONS higher, or start another API`,
    ),
  );
  const most = limits.maxConnectionsPerAddress;
  if (most === undefined) return;
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (address === undefined || addresses.isProxy(address)) return;
    const client = networkOf(address);
    const count = (open.get(client) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      say(
        `${client} has ${most} connections, and further ones are closed: name it in TRUST_PROXY if it is your proxy`,
      );
      return;
    }
    open.set(client, count);
    socket.once('close', () => {
      const rest = (open.get(client) ?? 1) - 1;
      if (rest === 0) open.delete(client);
      else open.set(client, rest);
    });
  });
}

function sayingRarely(): (sentence: string) => void {
  const logger = new Logger('Connections');
  let saidAt = -Infinity;
  return (sentence) => {
    if (performance.now() - saidAt < SAID_EVERY_MS) return;
    saidAt = performance.now();
    logger.warn(sentence);
  };
}
