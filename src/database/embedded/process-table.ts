import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** A process as the kernel knows it. */
export interface ProcessEntry {
  readonly parent: number;
  /** Its program and arguments, separated by spaces. */
  readonly command: string;
  /** The folder it works in; undefined where that is not told. */
  readonly folder: string | undefined;
}

/** Looks a process up; undefined when there is none with this id, or only a zombie. */
export function findProcess(pid: number): ProcessEntry | undefined {
  return process.platform === 'linux' ? readProc(pid) : askPs(pid);
}

function readProc(pid: number): ProcessEntry | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself; what follows the last one is regular.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return command === '' ? undefined : { parent: Number(parent), command, folder: readFolder(pid) };
  } catch {
    return undefined;
  }
}

function readFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function askPs(pid: number): ProcessEntry | undefined {
  const { stdout, error } = spawnSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const [, parent, command] = (error ? '' : stdout).match(/^\s*(\d+)\s+(.+)/) ?? [];
  if (command === undefined || command.includes('<defunct>')) return undefined;
  return { parent: Number(parent), command, folder: undefined };
}
