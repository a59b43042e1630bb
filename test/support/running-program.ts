import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment } from '../../src/config/index.js';
import { eventually } from './eventually.js';

/** A program that a test has started, with all it has written. */
export class RunningProgram {
  /** Resolves when it has ended and all it wrote has arrived. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Runs the pinned Node.js with these arguments, its standard input closed. */
  static node(args: readonly string[], environment: Record<string, string> = {}): RunningProgram {
    const env = childEnvironment(environment);
    return RunningProgram.of([process.execPath, ...args], env);
  }

  /** Runs any program, with these variables alone. */
  static of([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): RunningProgram {
    return new RunningProgram(spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get pid(): number {
    return this.child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has written this and answers with the match. */
  async says(pattern: RegExp, withinMs = 20_000): Promise<RegExpMatchArray> {
    try {
      return await eventually(() => this.output.match(pattern), withinMs);
    } catch {
      throw new Error(`It did not say ${pattern} but:\n${this.output}`);
    }
  }

  /** The ids of all processes that it has started, and those have started, and so on. */
  descendants(): number[] {
    const found = [this.pid];
    for (const { pid, parent } of processes()) if (found.includes(parent)) found.push(pid);
    return found.slice(1);
  }
}

/** Whether a process runs; one that has ended and that nobody has asked about (a zombie) does not. */
export function isRunning(pid: number): boolean {
  return processes().some((process) => process.pid === pid);
}

/** The ids of the processes whose program or arguments hold this text. */
export function processesNaming(text: string): number[] {
  return processes()
    .filter(({ command }) => command.includes(text))
    .map(({ pid }) => pid);
}

function processes(): { pid: number; parent: number; command: string }[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => line.match(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/))
    .filter((match) => match !== null)
    .filter(([, , , state]) => !state!.startsWith('Z'))
    .map(([, pid, parent, , command = '']) => ({ pid: Number(pid), parent: Number(parent), command }))
    .sort((one, other) => one.pid - other.pid);
}
