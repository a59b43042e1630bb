import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../config/index.js';
import { RestartDelay } from './restart-delay.js';
import { StartRefusedError } from './start-refused.error.js';

/** The exit code of a child that has said itself why it cannot start. */
const REFUSED = 78;

/** What the launcher needs to know to run one child. */
export interface ChildOptions {
  readonly role: 'api' | 'worker';
  /** How sentences call it: `The API`. */
  readonly name: string;
  /** Variables on top of our own; asked at every start. */
  readonly environment: () => Record<string, string>;
  readonly args: readonly string[];
  readonly log: (line: string) => void;
}

/** One process of the service, started again whenever it crashes. */
export class Child {
  /** What it reports the first time it is ready; rejects when it refuses to start. */
  readonly ready: Promise<string>;
  private readonly firstReady = Promise.withResolvers<string>();
  private readonly restartDelay = new RestartDelay();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private process: ChildProcess | undefined;
  private wasReady = false;

  constructor(private readonly options: ChildOptions) {
    this.ready = this.firstReady.promise;
    this.running = this.keepRunning();
  }

  /** Asks it to stop, and ends it when it has not by then, or when `atOnce` resolves. */
  async stop(graceSeconds: number, atOnce: Promise<void>): Promise<void> {
    this.stopping.abort();
    this.process?.kill('SIGTERM');
    const tooLong = delay(graceSeconds * 1000, undefined, { ref: false }).then(() => {
      this.options.log(`${this.options.name} did not stop within ${graceSeconds} s and is killed.`);
    });
    await Promise.race([this.running, atOnce, tooLong]);
    this.process?.kill('SIGKILL');
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    while (!this.isStopping()) {
      const startedAt = performance.now();
      const end = await this.runOnce();
      if (this.isStopping()) return;
      if (end.code === REFUSED && !this.wasReady) {
        this.firstReady.reject(new StartRefusedError(''));
        return;
      }
      const wait = this.restartDelay.afterCrash(performance.now() - startedAt);
      // A worker that was told to drain ends with 0. Whoever runs everything in one place wants a fresh one.
      const how = end.code === 0 ? 'has drained and ended' : `ended unexpectedly (${end.reason})`;
      this.options.log(`${this.options.name} ${how}; starting it again in ${wait / 1000} s.`);
      await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private runOnce(): Promise<{ code: number | null; reason: string }> {
    const { role, environment, args } = this.options;
    const child = fork(new URL('../main.js', import.meta.url), args, {
      env: childEnvironment({ ...environment(), ROLE: role }),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Its own process group: a Ctrl+C in the terminal reaches the launcher alone, which stops it in order.
      detached: true,
    });
    this.process = child;
    child.on('message', (message) => this.onMessage(message));
    return new Promise((done) => {
      child.once('error', (error) => done({ code: null, reason: error.message }));
      child.once('exit', (code, signal) => done({ code, reason: signal ?? `exit code ${code}` }));
    });
  }

  private onMessage(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('ready' in message)) return;
    if (this.wasReady) this.options.log(`${this.options.name} is ready again.`);
    this.wasReady = true;
    this.firstReady.resolve(String(message.ready));
  }
}
