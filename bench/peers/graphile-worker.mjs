import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { PAYLOAD, keepCalling, serveCommands, startOneByOne, submitBatches } from '../commands.ts';

const connectionString = process.env.DATABASE_URL;
const logger = new Logger(() => () => undefined);
const pool = new pg.Pool({ connectionString, max: 20 });
pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
let utils;
let runner;

/** As its page on performance recommends: a local queue, batched completions, prepared statements. */
const tuned = {
  worker: {
    connectionString,
    concurrentJobs: 24,
    maxPoolSize: 12,
    preparedStatements: true,
    localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    logger,
  },
};

serveCommands({
  async prepare() {
    utils = await makeWorkerUtils({ pgPool: pool, logger });
    await utils.migrate();
  },
  submitSingly: (callers, ms) => keepCalling(callers, ms, () => utils.addJob('noop', PAYLOAD)),
  submitInBulk: (jobs) =>
    submitBatches(jobs, (size) =>
      utils.addJobs(Array.from({ length: size }, () => ({ identifier: 'noop', payload: PAYLOAD }))),
    ),
  async drain(jobs) {
    const startedAt = performance.now();
    runner = await run({ preset: tuned, taskList: { noop: () => undefined } });
    await emptied();
    const ms = performance.now() - startedAt;
    await runner.stop();
    runner = undefined;
    return { jobs, ms };
  },
  async latencies(count) {
    let started = () => undefined;
    runner = await run({
      preset: { worker: { connectionString, concurrentJobs: 10, preparedStatements: true, logger } },
      taskList: { noop: () => started() },
    });
    return startOneByOne(count, (onStart) => {
      started = onStart;
      return utils.addJob('noop', PAYLOAD);
    });
  },
  async stop() {
    await runner?.stop();
    await utils?.release();
  },
});

/** A job is deleted when it has completed. */
async function emptied() {
  for (;;) {
    const { rows } = await pool.query(
      'SELECT EXISTS (SELECT FROM graphile_worker._private_jobs) AS "hasJobs"',
    );
    if (!rows[0].hasJobs) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}
