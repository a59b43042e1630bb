import { once } from 'node:events';
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What can be asked of a job system under measurement. Times are milliseconds by the monotonic clock. */
export interface Subject {
  /** Brings its schema into an empty database. */
  prepare(): Promise<void>;
  /** Stores `count` no-op jobs; no worker runs. */
  preload(count: number): Promise<void>;
  /** Starts one worker and answers how long it took to run `count` jobs and to store their ends. */
  drain(count: number): Promise<number>;
  /** With an idle worker: submits one job at a time, answers the time from each call to the handler's start. */
  latencies(count: number): Promise<number[]>;
  /** Serves `POST /jobs` and answers with the address. */
  serve(): Promise<string>;
  stop(): Promise<void>;
}

type Command = keyof Subject;

interface Answer {
  readonly result: unknown;
  readonly error?: string;
}

/** A subject in a process of its own, so that none profits from another's warm code. */
export class RemoteSubject {
  private constructor(private readonly child: ChildProcess) {}

  static start(name: 'roundhouse' | 'pg-boss', databaseUrl: string): RemoteSubject {
    const file = fileURLToPath(new URL(`subjects/${name}.js`, import.meta.url));
    const env = {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'error',
      WORKER_METRICS_PORT: '0',
    };
    return new RemoteSubject(fork(file, { env: { ...env, PERIODIC_TASKS_ENABLED: 'false' } }));
  }

  async ask<C extends Command>(
    command: C,
    ...args: Parameters<Subject[C]>
  ): Promise<Awaited<ReturnType<Subject[C]>>> {
    this.child.send({ command, args });
    const settled = new AbortController();
    const ended = once(this.child, 'exit', { signal: settled.signal }).then(() => {
      throw new Error('The process under measurement ended by itself');
    });
    const [answer] = (await Promise.race([once(this.child, 'message'), ended])) as [Answer];
    settled.abort();
    if (answer.error) throw new Error(answer.error);
    return answer.result as Awaited<ReturnType<Subject[C]>>;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    await this.ask('stop').catch(() => undefined);
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Answers the commands of the process that started this one. */
export function serveCommands(subject: Subject): void {
  process.on('message', (message: { command: Command; args: never[] }) => {
    const call = subject[message.command] as (...args: never[]) => Promise<unknown>;
    call.apply(subject, message.args).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}
