import { once } from 'node:events';
import { type ChildProcess, fork } from 'node:child_process';
import type { Answer, Command, Subject } from './commands.js';

type Result<C extends Command> = Awaited<ReturnType<NonNullable<Subject[C]>>>;

/** A subject in a process of its own, so that none profits from another's warm code. */
export class RemoteSubject {
  private constructor(private readonly child: ChildProcess) {}

  /** @param file its program @param environment what it finds in its environment besides ours */
  static start(file: string, environment: Record<string, string>): RemoteSubject {
    return new RemoteSubject(fork(file, { env: { ...process.env, ...environment } }));
  }

  /** @returns its answer, and the processor time (ms) that its process used for it */
  async ask<C extends Command>(
    command: C,
    ...args: Parameters<NonNullable<Subject[C]>>
  ): Promise<{ result: Result<C>; cpuMs: number }> {
    this.child.send({ command, args });
    const settled = new AbortController();
    const ended = once(this.child, 'exit', { signal: settled.signal }).then(() => {
      throw new Error('The process under measurement ended by itself');
    });
    const [answer] = (await Promise.race([once(this.child, 'message'), ended])) as [Answer];
    settled.abort();
    if (answer.error) throw new Error(answer.error);
    return { result: answer.result as Result<C>, cpuMs: answer.cpuMs };
  }

  get pid(): number {
    return this.child.pid!;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    await this.ask('stop').catch(() => undefined);
    this.child.kill('SIGKILL');
    await ended;
  }
}
