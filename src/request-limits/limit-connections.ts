import { Logger } from '@nestjs/common';
import type { Server, Socket } from 'node:net';
import { Tally } from '../common/index.js';
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
  const open = new Tally();
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
    if (open.of(client) >= most) {
      socket.destroy();
      say(
        `${client} has ${most} connections, and further ones are closed: name it in TRUST_PROXY if it is your proxy`,
      );
      return;
    }
    open.add(client);
    socket.once('close', () => open.take(client));
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
