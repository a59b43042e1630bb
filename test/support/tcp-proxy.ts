import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** A way to the database that a test can take away, without touching the server that others use. */
export interface TcpProxy {
  /** The database's address, through here. */
  readonly url: string;
  /** Ends every connection and refuses new ones: the server is gone. */
  cut(): void;
  /** Lets nothing through any more, and everybody wait: the server hangs. */
  hang(): void;
  /** Ends every connection and answers new ones with this error, as a server does that lets nobody in. */
  refuse(sqlState: string, message: string): void;
  /** Ends the next connections in the very packet that tells them that they are ready. */
  endWhenReady(): void;
  /** Lets everything reach the server, and ends a connection when the server answers there. */
  loseAnswers(): void;
  /** Lets new connections through again. */
  mend(): void;
  stop(): Promise<void>;
}

type State = 'open' | 'cut' | 'hanging' | 'refusing' | 'short-lived' | 'one-way';

/** The server is ready for the first query, as it goes over the wire. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** Stands between a program and the database at this address. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let state: State = 'open';
  let refusal: Uint8Array = Buffer.alloc(0);
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') near.resetAndDestroy();
    if (state === 'refusing') near.once('data', () => near.end(refusal));
    if (state === 'cut' || state === 'hanging' || state === 'refusing') return;
    const far = keep(connect(Number(target.port || 5432), target.hostname));
    near.pipe(far).once('close', () => near.destroy());
    near.once('close', () => far.destroy());
    if (state === 'open') far.pipe(near);
    else if (state === 'one-way') far.once('data', () => near.resetAndDestroy());
    else far.on('data', (bytes) => near.write(bytes.includes(READY) ? withEnd(bytes) : bytes));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = 'cut';
      endAll();
    },
    hang() {
      state = 'hanging';
      for (const socket of sockets) socket.unpipe().pause();
    },
    refuse(sqlState, message) {
      state = 'refusing';
      refusal = errorResponse(sqlState, message);
      endAll();
    },
    endWhenReady() {
      state = 'short-lived';
      endAll();
    },
    loseAnswers() {
      state = 'one-way';
      endAll();
    },
    mend() {
      state = 'open';
      endAll();
    },
    async stop() {
      endAll();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** An error as it goes over the wire: its type, its length, and its fields. */
function errorResponse(sqlState: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${message}\0\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}

function withEnd(bytes: Uint8Array): Buffer {
  return Buffer.concat([
    bytes,
    errorResponse('57P01', 'terminating connection due to administrator command'),
  ]);
}
