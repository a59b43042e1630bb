import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseClock } from '../../src/common/index.js';
import { CONFIG, type Config } from '../../src/config/index.js';
import { type CreateJobRequest } from '../../src/jobs/create-job.dto.js';
import { JobsService } from '../../src/jobs/jobs.service.js';
import { QueueBounds } from '../../src/jobs/queue-bounds.js';
import {
  ForgetfulQueues,
  JobTypeCatalog,
  type Managed,
  Promoter,
  QueueModule,
  QueueService,
} from '../../src/queue/index.js';
import type { TestJob } from '../../src/testing/index.js';
import { JobRunner, WorkerIdentity, WorkerModule } from '../../src/worker/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { ActHandler, ActOnceHandler, TwiceBackoff } from './act.handler.js';
import type { Bench, View } from './bench.js';

/** What the API makes of submissions, the queue in PostgreSQL, and a worker's own classes. */
export async function postgresBench(): Promise<Bench> {
  const database = await createTestDatabase('conformance');
  const app = await compile(database.url, {
    imports: [QueueModule, WorkerModule],
    providers: [ActHandler, ActOnceHandler, TwiceBackoff],
  });
  await app.init();
  return new PostgresBench(app, database);
}

class PostgresBench implements Bench {
  private readonly queue: QueueService;
  private readonly runner: JobRunner;
  private readonly jobs: JobsService;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly database: TestDatabase,
  ) {
    this.queue = app.get(QueueService);
    this.runner = app.get(JobRunner);
    const [types, clock, forgetful] = [
      app.get(JobTypeCatalog),
      app.get(DatabaseClock),
      app.get(ForgetfulQueues),
    ];
    const bounds = new QueueBounds(this.queue, app.get(DataSource));
    this.jobs = new JobsService(bounds, types, clock, forgetful, app.get<Config>(CONFIG));
  }

  async enqueue(job: TestJob): Promise<string> {
    const { job: stored } = await this.jobs.submit(requestOf(job));
    return stored.id;
  }

  async runDue(): Promise<void> {
    const workerId = this.app.get(WorkerIdentity).id;
    for (let ran = true; ran;) {
      ran = false;
      await this.app.get(Promoter).promote();
      for (const name of await this.queue.queueNames()) {
        for (const claim of await this.queue.claim(name, 1, { workerId })) {
          ran = true;
          const outcome = await this.runner.run(claim);
          if (outcome) await this.queue.settle([{ claim, outcome }]);
        }
      }
    }
  }

  /** The database's clock cannot be moved: everything that waits comes closer instead. */
  async advance(seconds: number): Promise<void> {
    const { pool } = this.database;
    const past = [seconds];
    await pool.query(
      `UPDATE jobs SET scheduled_at = scheduled_at - $1 * interval '1 s', created_at = created_at - $1 * interval '1 s'`,
      past,
    );
    await pool.query(`UPDATE job_keys SET expires_at = expires_at - $1 * interval '1 s'`, past);
    await pool.query(`UPDATE pgboss.job SET start_after = start_after - $1 * interval '1 s'`, past);
  }

  async view(id: string): Promise<View> {
    const { rows } = await this.database.pool.query<View>(
      `SELECT j.status, j.type, j.priority, j.payload, j.result, j.error_message AS error, j.attempts,
              j.max_attempts AS "maxAttempts",
              round(extract(epoch FROM j.scheduled_at - j.updated_at) * 1000)::float8 AS "waitMs",
              ARRAY(SELECT e.event || ' ' || e.attempt FROM job_events e WHERE e.job_id = j.id ORDER BY e.id) AS history
       FROM jobs j WHERE j.id = $1`,
      [id],
    );
    return rows[0]!;
  }

  /** A worker hears of it by a notice, which comes here without one. */
  async cancel(id: string): Promise<Managed> {
    const [managed] = await this.queue.cancel([id], 'me');
    if (managed?.result === 'requested' && managed.job) this.runner.cancel([managed.job]);
    return managed!;
  }

  async retry(id: string): Promise<Managed> {
    return (await this.queue.retry([id], 'me'))[0]!;
  }

  async runNow(id: string): Promise<Managed> {
    return (await this.queue.runNow([id], 'me'))[0]!;
  }

  async clear(): Promise<void> {
    await this.database.pool.query(
      'DELETE FROM pgboss.job; DELETE FROM job_locks; DELETE FROM job_keys; DELETE FROM jobs',
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }
}

/** The body that asks for such a job over HTTP. */
function requestOf(job: TestJob): CreateJobRequest {
  const { unique, backoff } = job;
  const asked = {
    type: job.type,
    payload: job.payload ?? {},
    queue: job.queue,
    priority: job.priority,
    max_attempts: job.maxAttempts,
    timeout: job.timeoutSeconds,
    schedule_in: job.delay,
    lock: job.lock,
    depends_on: job.dependsOn,
    idempotency_key: job.idempotencyKey,
    backoff:
      backoff?.strategy === 'exponential'
        ? { base_delay: backoff.baseDelay, max_delay: backoff.maxDelay, jitter: backoff.jitter }
        : undefined,
    unique: unique && { key: unique.key, by: unique.by, while: unique.while, on_conflict: unique.onConflict },
  };
  return JSON.parse(JSON.stringify(asked)) as CreateJobRequest;
}
