import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { watchAnswersOf } from './openapi/watch-answers.js';

/** The product as it is. */
export const PRODUCT = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** The product with job types that fail, dawdle and misbehave as they are told. */
export const FIXTURE_APP = fileURLToPath(
  new URL('../../dist/test/support/fixture-app/main.js', import.meta.url),
);

/** The errors that a process has logged; that the tests' own server may lose everything in a crash is none. */
export function errorsIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /"level":(50|60)/.test(line) && !line.includes('"context":"Durability"'));
}

/** Processes of tests are many: half of the time of their start goes into reading code and source maps. */
const QUICK_START = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../dist/.compile-cache', import.meta.url)),
};

/** A process of the built product. */
export interface ProductProcess {
  readonly child: ChildProcess;
  /** The API's address; `worker` for a worker. */
  readonly ready: string;
  /** All it has written so far. */
  output(): string;
  /** Resolves as soon as it has written this: a process writes its log a moment after it has done what it says. */
  says(what: string | RegExp): Promise<void>;
  /** Ends it and answers with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts one role of the built product on a free port and waits until it is ready. */
export async function startProduct(
  role: 'api' | 'worker',
  databaseUrl: string,
  environment: Record<string, string> = {},
  program = PRODUCT,
): Promise<ProductProcess> {
  const log = openLog();
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      ...QUICK_START,
      ROLE: role,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      WORKER_METRICS_PORT: '0',
      PERIODIC_TASKS_ENABLED: 'false',
      ...environment,
    },
    stdio: ['ignore', log.file, log.file, 'ipc'],
  });
  child.once('exit', log.close);
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => (message as { ready: string }).ready),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The ${role} ended with ${String(code)} before it was ready:\n${log.read()}`);
    }),
  ]);
  if (role === 'api') watchAnswersOf(ready);
  return {
    child,
    ready,
    output: log.read,
    says: async (what) => {
      const isSaid = () => (typeof what === 'string' ? log.read().includes(what) : what.test(log.read()));
      await eventually(isSaid).catch(() => expect(log.read()).toMatch(what));
    },
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/**
 * Where a process writes its log: a file, which has a line as soon as it is written. What comes by a pipe may arrive
 * after the answer that was sent later than it.
 */
function openLog(): { file: number; read: () => string; close: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'roundhouse-log-'));
  const file = openSync(path.join(folder, 'log'), 'a+');
  rmSync(folder, { recursive: true });
  let whole: string | undefined;
  const read = (): string => {
    if (whole !== undefined) return whole;
    const bytes = Buffer.alloc(fstatSync(file).size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  };
  const close = (): void => {
    whole = read();
    closeSync(file);
  };
  return { file, read, close };
}
