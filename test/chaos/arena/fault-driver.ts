import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../clock.js';
import { FAULT_KINDS, type Fault, type FaultKind } from '../fault-plan.js';
import type { Arena } from './arena.js';
import { cutConnections } from './connection-cutter.js';
import type { ProcessSlot } from './process-slot.js';

const LOOK_AGAIN_MS = 50;

/** Lets the faults of a plan happen at their times. */
export class FaultDriver {
  /** How often each has struck; one that found nobody at work has not. */
  readonly struck = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  /** Connections that were cut. */
  cut = 0;

  constructor(
    private readonly arena: Arena,
    private readonly log: (line: string) => void,
  ) {}

  /**
   * Each kind of fault goes its own way, so that one which waits for somebody to hit does not hold up the others.
   * @param withinMs what the plan has left then does not happen any more
   */
  async run(plan: readonly Fault[], withinMs: number): Promise<void> {
    const startedAt = now();
    const kinds = Map.groupBy(plan, ({ kind }) => kind);
    await Promise.all(
      [...kinds.values()].map((faults) => this.runKind(faults, startedAt, startedAt + withinMs)),
    );
  }

  private async runKind(faults: readonly Fault[], startedAt: number, deadline: number): Promise<void> {
    let before = { atMs: 0, struckAt: startedAt };
    for (const fault of faults) {
      // A plan that had to wait does not make up for it by striking those who have just come back.
      const notBefore = before.struckAt + (fault.atMs - before.atMs) / 2;
      await pause(Math.max(startedAt + fault.atMs, notBefore) - now());
      const hit = await this.strike(fault, deadline);
      before = { atMs: fault.atMs, struckAt: now() };
      if (hit) this.struck[fault.kind] += 1;
      const seconds = ((now() - startedAt) / 1000).toFixed(1);
      this.log(`${seconds} s ${describeFault(fault)}${hit ? '' : ' (nobody there)'}`);
    }
  }

  private async strike({ kind, target, forMs }: Fault, deadline: number): Promise<boolean> {
    const { workers, apis, server } = this.arena;
    if (kind === 'kill-worker') return (await readyOne(workers, target, deadline))?.kill(forMs) ?? false;
    if (kind === 'kill-api') return (await readyOne(apis, target, deadline))?.kill(forMs) ?? false;
    if (kind === 'freeze-worker') return (await readyOne(workers, target, deadline))?.freeze(forMs) ?? false;
    if (now() > deadline) return false;
    if (kind === 'kill-postmaster') return server.kill();
    const cut = await cutConnections(server.url, kind, target, this.log);
    this.cut += cut;
    return cut > 0;
  }
}

/**
 * The one that is meant, or the next that is at work. On a slow machine a start takes longer than the time between two
 * faults: then the plan waits for somebody who can be hit.
 */
async function readyOne(
  slots: readonly ProcessSlot[],
  target: number,
  deadline: number,
): Promise<ProcessSlot | undefined> {
  const inOrder = [...slots.slice(target), ...slots.slice(0, target)];
  while (now() < deadline) {
    const ready = inOrder.find(({ isAtWork }) => isAtWork);
    if (ready) return ready;
    await pause(LOOK_AGAIN_MS);
  }
  return undefined;
}

export function describeFault({ kind, target, forMs }: Fault): string {
  if (kind === 'freeze-worker') return `freeze worker ${target + 1} for ${(forMs / 1000).toFixed(1)} s`;
  if (kind === 'kill-worker' || kind === 'kill-api')
    return `${kind.replace('-', ' ')} ${target + 1}, back after ${forMs} ms`;
  return kind.replace('-', ' ');
}
