import { PgBoss } from 'pg-boss';
import {
  PAYLOAD,
  type Subject,
  type Work,
  keepCalling,
  serveCommands,
  startOneByOne,
  submitBatches,
} from '../commands.js';
import { type ServedApi, serveApi } from './serve-api.js';

const QUEUE = 'default';
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL ?? '', max: 20, useListenNotify: true });
boss.on('error', (error) => process.stderr.write(`${error.message}\n`));

/** pg-boss as its documentation has it; the drain with the settings that measured best. */
class BarePgBoss implements Subject {
  private api: ServedApi | undefined;

  async prepare(): Promise<void> {
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true });
  }

  submitSingly(callers: number, ms: number): Promise<Work> {
    return keepCalling(callers, ms, () => boss.send(QUEUE, PAYLOAD));
  }

  submitInBulk(jobs: number): Promise<Work> {
    return submitBatches(jobs, (size) =>
      boss.insert(
        QUEUE,
        Array.from({ length: size }, () => ({ data: PAYLOAD })),
      ),
    );
  }

  /** The last batch is complete when the worker comes back for the next one. */
  async drain(jobs: number): Promise<Work> {
    const startedAt = performance.now();
    const options = { batchSize: 1000, localConcurrency: 2, burstWhenBatchFull: true };
    await boss.work(QUEUE, options, async () => undefined);
    for (;;) {
      const [counts] = await rowsOf<{ left: boolean }>(LEFT);
      if (!counts?.left) break;
      await new Promise((done) => setTimeout(done, 10));
    }
    const ms = performance.now() - startedAt;
    await boss.offWork(QUEUE);
    return { jobs, ms };
  }

  async latencies(count: number): Promise<number[]> {
    let started: () => void = () => undefined;
    await boss.work(QUEUE, { batchSize: 1 }, async () => started());
    const times = await startOneByOne(count, (onStart) => {
      started = onStart;
      return boss.send(QUEUE, PAYLOAD);
    });
    await boss.offWork(QUEUE);
    return times;
  }

  async serve(): Promise<string> {
    this.api = await serveApi((body) => boss.send(QUEUE, body.payload));
    return this.api.url;
  }

  async stop(): Promise<void> {
    await this.api?.close();
    await boss.stop({ graceful: false });
  }
}

const LEFT = `SELECT EXISTS (SELECT FROM pgboss.job_common WHERE state < 'completed') AS left`;

async function rowsOf<Row>(text: string): Promise<Row[]> {
  return (await boss.getDb().executeSql(text, [])).rows as Row[];
}

serveCommands(new BarePgBoss());
