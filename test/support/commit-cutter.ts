import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** When the connection is cut: before the server hears of the commit, or after it has committed and answered. */
type Moment = 'before' | 'after';

/** A way to the database that loses a connection at the worst moment, exactly there. */
export interface CommitCutter {
  /** The database's address, through here. */
  readonly url: string;
  /** Cuts at the next commit on any connection, or lets some pass before; resolves when that has happened. */
  cutNextCommit(moment: Moment, passing?: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What commits, as it goes over the wire: a simple query of the text COMMIT (type, length, text, end), or the values for a
 * prepared statement of ours (type, length, no portal, name), which is a transaction of its own.
 */
const COMMIT =
  /Q\0\0\0\x0bCOMMIT\0|B[^]{4}\0(?:store_plain_jobs|claim_from_line|complete_plain_jobs|complete_and_leave)\0/;

/** Stands between a program and the database at this address. */
export async function startCommitCutter(databaseUrl: string): Promise<CommitCutter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: { moment: Moment; passing: number; done: () => void } | undefined;

  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
    return socket;
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    keep(near).once('close', () => far.end());
    keep(far).once('close', () => near.destroy());
    let cutAtAnswer: (() => void) | undefined;
    near.on('data', (bytes) => {
      if (!armed || !COMMIT.test(bytes.toString('latin1')) || armed.passing-- > 0)
        return void far.write(bytes);
      const { moment, done } = armed;
      armed = undefined;
      const cut = () => {
        near.destroy();
        far.destroy();
        done();
      };
      if (moment === 'before') {
        cut();
        return;
      }
      cutAtAnswer = cut;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (cutAtAnswer) cutAtAnswer();
      else near.write(bytes);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNextCommit: (moment, passing = 0) => new Promise((done) => (armed = { moment, passing, done })),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
