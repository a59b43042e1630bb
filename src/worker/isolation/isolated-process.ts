import { type ChildProcess, fork } from 'node:child_process';
import type { Writable } from 'node:stream';
import { ISOLATED_FLAG, childEnvironment } from '../../config/index.js';
import type { Evidence, ClaimedJob } from '../../queue/index.js';
import type { AttemptAborted } from '../job-control.errors.js';
import { fenceAfterMs } from '../silence.js';
import { Leash } from './leash.js';
import { watchMemory } from './memory-watch.js';
import type { EndedAttempt, ToProcess, ToWorker } from './messages.js';

/** The fewest connections there can be; nearly all of them are opened when they are needed. */
const CONNECTIONS = '8';

export interface ProcessOptions {
  /** MiB of heap; null = as much as the worker. */
  readonly memoryMb: number | null;
  /** After so many seconds of silence its worker counts as dead. */
  readonly deadAfterSeconds: number;
  readonly onEvent: (message: Extract<ToWorker, { event: unknown }>) => void;
}

/** A process has ended before the attempt that ran in it. */
export class ProcessLostError extends Error {
  /** @param how as the end of a sentence: `was killed by SIGKILL` */
  constructor(
    how: string,
    readonly evidence: Evidence,
  ) {
    super(`The process of this attempt ${how}`);
  }
}

/** A process that runs attempts for this worker, one at a time. It is this program, started once more. */
export class IsolatedProcess {
  readonly memoryMb: number | null;
  /** Resolves when it can run an attempt. @throws ProcessLostError */
  readonly ready: Promise<void>;
  private readonly isReady = Promise.withResolvers<void>();
  private ended = Promise.withResolvers<EndedAttempt>();
  /** Rejects when the process has ended, and all it said before has been heard. */
  private readonly lost: Promise<never>;
  private readonly child: ChildProcess;
  private readonly leash: Leash;
  private readonly stopWatch: () => void;
  private lastWords: string | undefined;
  private hasTakenTooMuch = false;

  constructor(private readonly options: ProcessOptions) {
    this.memoryMb = options.memoryMb;
    this.child = forkProgram(options.memoryMb);
    const { child } = this;
    this.leash = new Leash(child.stdio[4] as Writable, fenceAfterMs(options.deadAfterSeconds));
    this.stopWatch = this.watchMemory();
    child.on('message', (message) => this.onMessage(message as ToWorker));
    this.lost = this.untilLost();
    // An idle process may end as it likes.
    this.lost.catch(() => this.onEnd());
    this.ready = Promise.race([this.isReady.promise, this.lost]);
    this.ready.catch(() => undefined);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null || !this.child.connected;
  }

  /** @throws ProcessLostError when it ends before the handler does */
  async run(job: ClaimedJob, signal: AbortSignal): Promise<EndedAttempt> {
    const abort = () => {
      const { reason, message } = signal.reason as AttemptAborted;
      this.send({ abort: { reason, message } });
    };
    this.ended = Promise.withResolvers();
    this.send({ run: job });
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    try {
      return await Promise.race([this.ended.promise, this.lost]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves when it has ended, whatever it is doing, and all that it has started. */
  async kill(): Promise<void> {
    killGroup(this.child);
    await this.lost.catch(() => undefined);
  }

  private send(message: ToProcess): void {
    // One that has just died takes no message: its end is told on its own.
    this.child.send(message, () => undefined);
  }

  private onMessage(message: ToWorker): void {
    if ('ready' in message) this.isReady.resolve();
    else if ('ended' in message) this.ended.resolve(message.ended);
    else if ('event' in message) this.options.onEvent(message);
    else this.lastWords = message.lastWords;
  }

  private untilLost(): Promise<never> {
    const { child } = this;
    return new Promise((_, reject) => {
      child.once('error', (error) => {
        reject(new ProcessLostError(`could not be started: ${error.message}`, 'none'));
      });
      child.once('exit', (code, signal) => {
        const loss = () => reject(this.lossOf(code, signal));
        if (child.connected) child.once('disconnect', loss);
        else loss();
      });
    });
  }

  private onEnd(): void {
    this.stopWatch();
    this.leash.drop();
    killGroup(this.child);
  }

  private watchMemory(): () => void {
    const { memoryMb, child } = this;
    if (memoryMb === null || child.pid === undefined) return () => undefined;
    return watchMemory(child.pid, memoryMb, () => {
      this.hasTakenTooMuch = true;
      killGroup(child);
    });
  }

  private lossOf(code: number | null, signal: NodeJS.Signals | null): ProcessLostError {
    if (this.leash.wasSlack)
      return new ProcessLostError('ended because its worker had stood still for too long', 'none');
    return new ProcessLostError(this.howItEnded(code, signal), 'alone');
  }

  private howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    const memory = this.memoryMb === null ? 'memory' : `its ${this.memoryMb} MiB of memory`;
    if (this.hasTakenTooMuch) return `ran out of ${memory} and was killed`;
    // What V8 does when its heap is full; a program may do so too.
    if (signal === 'SIGABRT') return `ran out of ${memory}, or aborted (SIGABRT)`;
    if (signal) return `was killed by ${signal}`;
    return `ended with exit code ${code}${this.lastWords === undefined ? '' : `: ${this.lastWords}`}`;
  }
}

function forkProgram(memoryMb: number | null): ChildProcess {
  const program = process.argv[1];
  if (program === undefined) throw new Error('This program has no file that could be started once more');
  const limit = memoryMb === null ? [] : [`--max-old-space-size=${memoryMb}`];
  // The last one counts; a debugger's port is taken by the worker.
  const inherited = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  return fork(program, [ISOLATED_FLAG], {
    // Nothing in it opens what is sealed.
    env: childEnvironment({ DB_POOL_MAX: CONNECTIONS, SECRETS_KEY: '' }),
    execArgv: [...inherited, ...limit],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    // Keeps dates, which JSON does not.
    serialization: 'advanced',
    // Its own process group: what a handler has started ends with it.
    detached: true,
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
