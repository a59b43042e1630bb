import { InjectDataSource } from '@nestjs/typeorm';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

const backoff = { strategy: 'constant', delay: 0, jitter: 0 } as const;

/** Kills the process it runs in, in its first `times` attempts. */
@JobHandler({
  type: 'poison',
  description: 'Kills.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 1 },
})
export class PoisonHandler {
  async run({ payload, attempt }: JobContext<AnyPayload>): Promise<{ pid: number }> {
    if (attempt <= Number(payload.times ?? Infinity)) process.kill(process.pid, 'SIGKILL');
    return { pid: process.pid };
  }
}

/** Keeps the event loop for `ms`. */
@JobHandler({ type: 'block', description: 'Blocks.', payload: AnyPayload, example: {} })
export class BlockHandler {
  async run({ payload }: JobContext<AnyPayload>): Promise<void> {
    const end = performance.now() + Number(payload.ms);
    while (performance.now() < end);
  }
}

/** Does, in a process of its own, what the payload tells it to. */
@JobHandler({
  type: 'isolated',
  description: 'Runs alone.',
  payload: AnyPayload,
  example: {},
  isolate: { memoryMb: 128 },
  policy: { backoff },
})
export class IsolatedHandler {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  async run(job: JobContext<AnyPayload>): Promise<unknown> {
    const { payload } = job;
    if (job.attempt > Number(payload.times ?? Infinity)) return { pid: process.pid };
    await this.note(job);
    const acts: Record<string, () => unknown> = {
      spin: () => {
        for (;;);
      },
      die: () => process.kill(process.pid, 'SIGKILL'),
      exit: () => process.exit(3),
      stray: () => {
        setTimeout(() => {
          throw new RangeError('nobody catches this');
        });
        return new Promise(() => undefined);
      },
      hoard: () => {
        const hoard: unknown[] = [];
        for (;;) hoard.push(new Array(1_000).fill(job.attempt));
      },
      buffers: async () => {
        const hoard: Buffer[] = [];
        for (;;) {
          hoard.push(Buffer.alloc(16 * 1024 * 1024, 1));
          await pause(10);
        }
      },
      wait: () => pause(Number(payload.ms ?? 60_000), { pid: process.pid }, { signal: job.signal }),
      family: () => {
        const child = spawn('sleep', ['600'], { stdio: 'ignore' });
        return this.source
          .query('UPDATE pids SET child = $2 WHERE job_id = $1', [job.jobId, child.pid])
          .then(() => {
            for (;;);
          });
      },
      speak: () => this.speak(job),
      write: () =>
        job.transaction(async (manager) => {
          await manager.query('INSERT INTO effects (job_id, attempt) VALUES ($1, $2)', [
            job.jobId,
            job.attempt,
          ]);
          return { written: job.attempt };
        }),
      fail: () => {
        throw new RangeError('no use');
      },
      secretsKey: () => process.env.SECRETS_KEY ?? '',
      odd: () => ({ when: new Date(0), big: 'a\0b' }),
    };
    return acts[String(payload.act)]?.();
  }

  /** Where it runs, for tests that look for the process. */
  private async note({ jobId, attempt }: JobContext<AnyPayload>): Promise<void> {
    await this.source.query('INSERT INTO pids (job_id, attempt, pid) VALUES ($1, $2, $3)', [
      jobId,
      attempt,
      process.pid,
    ]);
  }

  private async speak({ jobId, log, progress, enqueue, isLastAttempt, maxAttempts }: JobContext<AnyPayload>) {
    log('warn', 'from afar');
    progress(40, 'Reading');
    const child = await enqueue({ type: 'echo', payload: { parent: jobId } });
    return { child: child.id, isLastAttempt, maxAttempts };
  }
}
