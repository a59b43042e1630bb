import { setTimeout as delay } from 'node:timers/promises';

/** A PostgreSQL that answers, whoever started it. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Somebody else's living process started it and stops it. */
  readonly isShared: boolean;
  /** Resolves when PostgreSQL is gone. */
  readonly ended: Promise<void>;
  /** Ends our watch over it. */
  release(): Promise<void>;
}

/** PostgreSQL writes a checkpoint while it stops; a disk that needs longer than this is given up on. */
const PATIENCE_MS = 60_000;

/** Stops the server in the fast way: sessions are cut, data is written. A shared one is left alone. */
export async function stopServer(server: RunningServer): Promise<void> {
  if (!server.isShared) {
    send(server.pid, 'SIGINT');
    const isGone = await Promise.race([
      server.ended.then(() => true),
      delay(PATIENCE_MS, false, { ref: false }),
    ]);
    // The write-ahead log repairs what an immediate stop leaves, at the next start.
    if (!isGone) send(server.pid, 'SIGQUIT');
    await server.ended;
  }
  await server.release();
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime, which is what was wanted.
  }
}
