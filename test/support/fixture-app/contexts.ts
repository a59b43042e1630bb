import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { AttemptAborted, type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

const WRITE = 'INSERT INTO effects (job_id, attempt) VALUES ($1, $2)';

/** Writes one row into the test's table `effects` in the transaction that completes the job, after `ms`; another one outside of it after `linger` ms, unless told to end. */
@JobHandler({ type: 'write_once', description: 'Writes.', payload: AnyPayload, example: {} })
export class WriteOnceHandler {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  async run(job: JobContext<AnyPayload>): Promise<unknown> {
    const { ms = 0, fail, hold = 0, again, after, linger } = job.payload;
    await pause(Number(ms));
    const written = await job.transaction(async (manager) => {
      await manager.query(WRITE, [job.jobId, job.attempt]);
      if (job.payload.child) await job.enqueue({ type: 'echo', payload: { parent: job.jobId } });
      await pause(Number(hold));
      if (fail && job.attempt === 1) throw new Error('changed its mind');
      return { attempt: job.attempt };
    });
    if (again) await job.transaction(async (manager) => manager.query(WRITE, [job.jobId, job.attempt]));
    if (linger) {
      await pause(Number(linger), undefined, { signal: job.signal });
      await this.source.query(WRITE, [job.jobId, job.attempt]);
    }
    if (after) throw new Error('too late to fail');
    return { never: 'kept', written };
  }
}

/** Says what the payload tells it to. */
@JobHandler({ type: 'speak', description: 'Logs.', payload: AnyPayload, example: {} })
export class SpeakHandler {
  async run({ payload, log, progress, signal }: JobContext<AnyPayload>): Promise<void> {
    log('plain');
    log('warn', 'a\0b\ud800');
    log('error', 'é'.repeat(5_000));
    for (let line = 0; line < Number(payload.lines ?? 0); line++) log(`line ${line}`);
    progress(12.6, 'Reading');
    progress(Number.NaN);
    // What JavaScript hands over may be anything.
    log(Object.create(null) as string);
    log('shout' as 'info', 'unknown level');
    if (payload.wait) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    progress(1_000, 'Done\0');
  }
}

/** Enqueues two jobs and tells their ids. */
@JobHandler({ type: 'spawn', description: 'Enqueues.', payload: AnyPayload, example: {} })
export class SpawnHandler {
  async run({ jobId, enqueue }: JobContext<AnyPayload>): Promise<string[]> {
    const one = await enqueue({ type: 'echo', payload: { parent: jobId } });
    const [other] = await enqueue([{ type: 'echo', payload: { parent: jobId } }]);
    return [one.id, other?.id ?? ''];
  }
}

/** Waits for its signal and writes down why, and when, it fired; ignores it if told to. */
/** Returns what it can learn of the jobs before it, and of its workflow. */
@JobHandler({ type: 'parents', description: 'Reads.', payload: AnyPayload, example: {} })
export class ParentsHandler {
  async run({ payload, parents, resultOf, workflow }: JobContext<AnyPayload>): Promise<unknown> {
    const result = typeof payload.of === 'string' ? await resultOf(payload.of) : null;
    return { parents: await parents(), result, workflow: await workflow() };
  }
}

@JobHandler({ type: 'wait', description: 'Waits.', payload: AnyPayload, example: {} })
export class WaitHandler {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  async run({ jobId, payload, signal }: JobContext<AnyPayload>): Promise<string> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    const { reason } = signal.reason as AttemptAborted;
    await this.source.query('INSERT INTO signals (job_id, reason) VALUES ($1, $2)', [jobId, reason]);
    if (payload.ignore) await pause(Number(payload.ignore));
    if (payload.fails) throw new Error('its own way');
    return 'ended well all the same';
  }
}
