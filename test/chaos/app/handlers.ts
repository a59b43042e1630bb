import { setTimeout as pause } from 'node:timers/promises';
import { type JobContext, JobHandler, type JobPolicy } from '../../../src/worker/index.js';
import { recorded } from './record.js';

/** What the load asks of a handler. */
class ChaosPayload {
  /** Which request made the job. */
  marker: string;
  /** How long (ms) an attempt takes. */
  ms: number;
  /** How many attempts fail first. */
  fails?: number;
  /** Whether the transaction enqueues a job, too. */
  spawns?: boolean;
  [name: string]: unknown;
}

const policy: JobPolicy = {
  maxAttempts: 5,
  backoff: { strategy: 'constant', delay: 0.3, jitter: 0.5 },
  timeoutSeconds: 120,
};

/** Takes its time, fails as often as it is told to, and leaves its mark with the recorder. */
@JobHandler({ type: 'chaos_work', description: 'Works.', payload: ChaosPayload, example: {}, policy })
export class WorkHandler {
  run(job: JobContext<ChaosPayload>): Promise<{ attempt: number }> {
    return recorded(job, async () => {
      await pause(Number(job.payload.ms), undefined, { signal: job.signal });
      if (job.attempt <= Number(job.payload.fails ?? 0)) throw new Error(`failure of attempt ${job.attempt}`);
      return { attempt: job.attempt };
    });
  }
}

/** Writes a row, and enqueues a job if told to, in the transaction that completes it. A database that is cut off is no end. */
@JobHandler({
  type: 'chaos_transaction',
  description: 'Writes once.',
  payload: ChaosPayload,
  example: {},
  policy: { ...policy, maxAttempts: null },
})
export class TransactionHandler {
  run(job: JobContext<ChaosPayload>): Promise<object> {
    return recorded(job, () =>
      job.transaction(async (manager) => {
        await manager.query('INSERT INTO chaos_effects (job_id, attempt) VALUES ($1, $2)', [
          job.jobId,
          job.attempt,
        ]);
        await pause(Number(job.payload.ms), undefined, { signal: job.signal });
        if (job.payload.spawns)
          await job.enqueue({ type: 'chaos_work', payload: { marker: `child of ${job.jobId}`, ms: 5 } });
        return { attempt: job.attempt };
      }),
    );
  }
}
