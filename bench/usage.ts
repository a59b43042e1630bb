import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

/** Linux counts in hundredths of a second everywhere that Node.js runs. */
const MS_PER_TICK = 10;

interface Stat {
  readonly parent: number;
  readonly ownTicks: number;
  readonly childrenTicks: number;
}

/**
 * Processor time (ms) that a server has used since it was started: the process itself, the children it has, and those
 * that have ended. NaN where the system does not tell.
 */
export function serverCpuMs(pid: number): number {
  for (;;) {
    const before = statOf(pid);
    const childrenTicks = childrenTicksOf(pid);
    const server = statOf(pid);
    if (!before || !server) return NaN;
    // A child that has ended meanwhile would be missed among the present ones and among those that have ended.
    if (before.childrenTicks === server.childrenTicks)
      return (server.ownTicks + server.childrenTicks + childrenTicks) * MS_PER_TICK;
  }
}

/** Of the children there are. */
function childrenTicksOf(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, child) => sum + (child?.ownTicks ?? 0), 0);
}

/** Processor time (ms) that a process has used by itself, and its memory (MiB). NaN where the system does not tell. */
export function usageOf(pid: number): { cpuMs: number; rssMib: number } {
  const stat = statOf(pid);
  if (!stat) return { cpuMs: NaN, rssMib: NaN };
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: stat.ownTicks * MS_PER_TICK, rssMib: Number(rss) / 1024 };
}

/** The process that started this one. */
export function parentOf(pid: number): number {
  return statOf(pid)?.parent ?? NaN;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may contain anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
    return { parent: Number(fields[1]), ownTicks: ticks(11), childrenTicks: ticks(13) };
  } catch {
    return undefined;
  }
}

/** From now on `peakRssMib` counts anew. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most memory (MiB) that a process has had since `forgetPeak`. */
export function peakRssMib(pid: number): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(peak) / 1024;
}
