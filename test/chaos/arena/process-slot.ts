import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Span, now } from '../clock.js';

const PROGRAM = fileURLToPath(new URL('../app/main.js', import.meta.url));

/** What V8 compiled is kept for the next start, of which there are hundreds. */
const COMPILED = fileURLToPath(new URL('../../../.compile-cache', import.meta.url));

/** A process that ended by itself, or could not start, is started again after this time (ms). */
const RESTART_MS = 500;

/** One process, from its start to its end. */
export interface Life {
  readonly slot: string;
  readonly pid: number;
  readonly startedAt: number;
  /** When it said that it was ready. */
  readyAt?: number;
  endedAt?: number;
  /** Killed by us, stopped in good order at the end of the run, or neither. */
  how?: 'killed' | 'stopped' | 'by itself';
  exit?: string;
  /** When it stood still. */
  readonly frozen: { from: number; to: number }[];
}

interface Settings {
  readonly name: string;
  readonly environment: Record<string, string>;
  readonly logFile: string;
}

/** Keeps one process of the product running, and does to it what the plan says. */
export class ProcessSlot {
  readonly lives: Life[] = [];
  private child: ChildProcess | undefined;
  private thaw: NodeJS.Timeout | undefined;
  private pauseMs = RESTART_MS;
  private stopping = false;
  private keeping: Promise<void> | undefined;
  private readyAs: string | undefined;

  constructor(private readonly settings: Settings) {}

  start(): void {
    this.keeping = this.keepRunning();
  }

  /** What the process said when it was ready: an API's address. Undefined while it is not. */
  get address(): string | undefined {
    return this.readyAs;
  }

  /** Ready, and not standing still: one that does is to move again, for that is when it may do harm. */
  get isAtWork(): boolean {
    return this.readyAs !== undefined && this.thaw === undefined;
  }

  get life(): Life | undefined {
    const life = this.lives.at(-1);
    return life?.endedAt === undefined ? life : undefined;
  }

  /** Kills it with -9; it is started again after the pause. Answers whether there was one. */
  kill(pauseMs: number): boolean {
    const { life } = this;
    if (!life || !this.child?.kill('SIGKILL')) return false;
    life.endedAt = now();
    life.how = 'killed';
    this.pauseMs = pauseMs;
    this.readyAs = undefined;
    return true;
  }

  /** Lets it stand still. Answers whether there was one that moved. */
  freeze(forMs: number): boolean {
    const { life, child } = this;
    if (!life || !child || this.thaw) return false;
    const span = { from: now(), to: Infinity };
    child.kill('SIGSTOP');
    life.frozen.push(span);
    this.thaw = setTimeout(() => this.unfreeze(), forMs);
    return true;
  }

  unfreeze(): void {
    clearTimeout(this.thaw);
    this.thaw = undefined;
    const span = this.lives.at(-1)?.frozen.at(-1);
    if (span?.to !== Infinity) return;
    span.to = now();
    this.child?.kill('SIGCONT');
  }

  /** Stops it in good order, as a service manager would. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.unfreeze();
    if (this.life) this.life.how = 'stopped';
    this.child?.kill('SIGTERM');
    await this.keeping;
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping) {
      this.pauseMs = RESTART_MS;
      await this.runOnce();
      if (!this.stopping) await pause(this.pauseMs);
    }
  }

  private async runOnce(): Promise<void> {
    const { environment, logFile, name } = this.settings;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...environment },
      stdio: ['ignore', log, log, 'ipc'],
    });
    const life: Life = { slot: name, pid: child.pid!, startedAt: now(), frozen: [] };
    this.child = child;
    this.lives.push(life);
    child.once('message', (message) => {
      if (life.endedAt !== undefined) return;
      life.readyAt = now();
      this.readyAs = (message as { ready: string }).ready;
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    this.readyAs = undefined;
    this.unfreeze();
    life.endedAt ??= now();
    life.how ??= 'by itself';
    life.exit = signal ?? `code ${code}`;
  }
}

/** When a process could not do anything: it stood still, or was no more. */
export function restsOf({ frozen, endedAt }: Life): Span[] {
  return endedAt === undefined ? frozen : [...frozen, { from: endedAt, to: Infinity }];
}
