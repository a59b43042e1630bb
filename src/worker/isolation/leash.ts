import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fenceAfterMs } from '../silence.js';

/** The file descriptor of the leash in an isolated process: the first after the standard ones and Node's own channel. */
const LEASH_FD = 4;

const PULL_EVERY_MS = 500;

/**
 * A worker's end of what ties a process to it: the process dies when its worker dies or is silent for too long, as one
 * is that stands still. Its jobs run elsewhere by then.
 */
export class Leash {
  private readonly timer: NodeJS.Timeout;
  private pulledAt = performance.now();
  private longestGap = 0;

  constructor(
    private readonly pipe: Writable,
    private readonly silenceMs: number,
  ) {
    // Whoever is at the other end may have died.
    pipe.on('error', () => undefined);
    this.timer = setInterval(() => this.pull(), PULL_EVERY_MS).unref();
    this.pull();
  }

  /** Whether the worker was silent for so long that the process had to end, through no fault of its own. */
  get wasSlack(): boolean {
    return Math.max(this.longestGap, performance.now() - this.pulledAt) >= this.silenceMs;
  }

  drop(): void {
    clearInterval(this.timer);
    this.pipe.destroy();
  }

  private pull(): void {
    const now = performance.now();
    this.longestGap = Math.max(this.longestGap, now - this.pulledAt);
    this.pulledAt = now;
    this.pipe.write('.');
  }
}

/** Ties this process to the worker that started it. In a thread of its own: a handler may keep the main one busy for ever. */
export function wearLeash(deadAfterSeconds: number): void {
  const thread = fileURLToPath(new URL('./leash.thread.js', import.meta.url));
  new Worker(thread, {
    workerData: { fd: LEASH_FD, silenceMs: fenceAfterMs(deadAfterSeconds) },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
    execArgv: [],
  }).unref();
}
