import { type ChildProcess, spawn } from 'node:child_process';

/** A worker of examples/ that runs. */
export interface HiredWorker {
  readonly child: ChildProcess;
  /** All it has written so far. */
  output(): string;
  /** Kills it with all that it has started: a curl that outlives its worker would take the next job. */
  kill(): void;
}

/** Starts a worker that takes jobs of one type over HTTP, with leases of five seconds. */
export function hireWorker(
  [program, ...args]: readonly [string, ...string[]],
  wanted: { readonly api: string; readonly type: string; readonly queue: string; readonly name: string },
): HiredWorker {
  const child = spawn(program, args, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ROUNDHOUSE_URL: wanted.api,
      JOB_TYPE: wanted.type,
      QUEUE: wanted.queue,
      LEASE_SECONDS: '5',
      WORKER_NAME: wanted.name,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, kill: () => killGroup(child) };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
