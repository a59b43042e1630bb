import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type JobContext, JobHandler, PermanentFailure } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

const ENTER = `INSERT INTO visits (job_id, attempt, lock, entered_at) VALUES ($1, $2, $3, clock_timestamp())`;
const LEAVE = `UPDATE visits SET left_at = clock_timestamp() WHERE job_id = $1 AND attempt = $2`;

/** Writes into the test's table `visits` when it comes and goes, `ms` later; fails its first `fails` attempts. */
@JobHandler({
  type: 'contend',
  description: 'Wants to be alone.',
  payload: AnyPayload,
  example: {},
  policy: { backoff: { strategy: 'constant', delay: 0.05, jitter: 0 } },
})
export class ContendHandler {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  async run({ jobId, payload, attempt, signal }: JobContext<AnyPayload>): Promise<void> {
    await this.source.query(ENTER, [jobId, attempt, payload.lock]);
    try {
      await pause(Number(payload.ms), undefined, { signal });
      if (payload.hopeless) throw new PermanentFailure('no use');
      if (attempt <= Number(payload.fails)) throw new Error(`failure ${attempt}`);
    } finally {
      await this.source.query(LEAVE, [jobId, attempt]);
    }
  }
}
