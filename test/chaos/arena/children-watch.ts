import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../clock.js';

const EVERY_MS = 50;

/** When a process was seen to be no more. */
export interface Death {
  readonly pid: number;
  readonly at: number;
}

/** Watches the processes that workers start for single attempts: whoever writes records and is none of ours. */
export class ChildrenWatch {
  readonly deaths: Death[] = [];
  private readonly alive = new Set<number>();
  private stopped = false;
  private watching: Promise<void> | undefined;

  constructor(
    private readonly records: string,
    private readonly isOurs: (pid: number) => boolean,
  ) {}

  start(): void {
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      const pids = (await readdir(this.records)).map((file) => Number.parseInt(file, 10));
      for (const pid of pids) if (!this.isOurs(pid)) this.look(pid);
      await pause(EVERY_MS);
    }
  }

  private look(pid: number): void {
    if (isAlive(pid)) this.alive.add(pid);
    // One that was never seen alive had ended before the first look.
    else if (this.alive.delete(pid) || !this.deaths.some((death) => death.pid === pid))
      this.deaths.push({ pid, at: now() });
  }
}

/** A dead process stays in the kernel's list for as long as its parent stands still. */
function isAlive(pid: number): boolean {
  if (!existsSync('/proc/self')) return answersSignals(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
