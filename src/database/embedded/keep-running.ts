import { setTimeout as delay } from 'node:timers/promises';
import { type RunningServer, stopServer } from './running-server.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** Starts the server again, on the same port, whenever it ends before it was told to. */
export class KeptServer {
  private server: RunningServer;
  private readonly startAgain: (port: number) => Promise<RunningServer>;
  private readonly log: (line: string) => void;
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;

  constructor(
    server: RunningServer,
    startAgain: (port: number) => Promise<RunningServer>,
    log: (line: string) => void,
  ) {
    this.server = server;
    this.startAgain = startAgain;
    this.log = log;
    this.watching = this.watch();
  }

  /** Stops the server for good; safe to call again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
    await stopServer(this.server);
  }

  private async watch(): Promise<void> {
    const told = new Promise<void>((done) => this.stopping.signal.addEventListener('abort', () => done()));
    for (;;) {
      await Promise.race([this.server.ended, told]);
      if (this.stopping.signal.aborted) return;
      this.log('PostgreSQL ended unexpectedly; starting it again.');
      await this.server.release();
      await this.bringBack();
    }
  }

  private async bringBack(): Promise<void> {
    for (
      let wait = FIRST_DELAY_MS;
      !this.stopping.signal.aborted;
      wait = Math.min(wait * 2, LONGEST_DELAY_MS)
    ) {
      try {
        this.server = await this.startAgain(this.server.port);
        this.log('PostgreSQL is back.');
        return;
      } catch (error) {
        this.log(`${(error as Error).message} Trying again in ${wait / 1000} s.`);
        await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}
