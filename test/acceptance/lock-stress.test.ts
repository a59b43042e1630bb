import type { INestApplicationContext } from '@nestjs/common';
import { Mender, type NewJob, QueueService } from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { startProcess } from '../support/queue.js';
import { type App, startApp } from '../support/start-app.js';

/** `npm run test:long` runs the full size. */
const SIZE = process.env.TEST_LONG
  ? { jobs: 10_000, locks: 50, workers: 4, kills: 6, minutes: 15 }
  : { jobs: 1_500, locks: 20, workers: 3, kills: 2, minutes: 5 };

const CALL = 25;
/** Some jobs take long enough for somebody to see them run and kill their worker. */
const LONG_MS = 400;
const MEND_EVERY_MS = 250;

/** Every attempt on record, also one whose worker was killed before its handler could write. */
const INTERVALS = `
  SELECT j.lock, a.started_at, coalesce(a.ended_at, 'infinity') AS ended_at,
         coalesce(v.entered_at, a.started_at) AS entered_at, coalesce(v.left_at, a.ended_at, 'infinity') AS left_at
  FROM job_attempts a
  JOIN jobs j ON j.id = a.job_id
  LEFT JOIN visits v ON v.job_id = a.job_id AND v.attempt = a.attempt`;

/** Attempts that began before an earlier one of the same lock was over, by the ledger or by what the handlers wrote. */
const OVERLAPS = `
  SELECT * FROM (
    SELECT *, max(ended_at) OVER (PARTITION BY lock ORDER BY started_at, ended_at ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS others_ended,
              max(left_at) OVER (PARTITION BY lock ORDER BY entered_at, left_at ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS others_left
    FROM (${INTERVALS}) i) o
  WHERE others_ended > started_at OR others_left > entered_at`;

/** Jobs that started while one created before them was still in line and had never started. */
const OVERTAKINGS = `
  WITH line AS (
    SELECT j.id, j.lock, j.created_at, j.payload ? 'delayed' AS delayed,
           min(e.at) FILTER (WHERE e.event = 'started') AS first_start,
           min(e.at) FILTER (WHERE e.event IN ('started', 'cancelled')) AS left_line
    FROM jobs j LEFT JOIN job_events e ON e.job_id = j.id GROUP BY j.id)
  SELECT a.id AS earlier, b.id AS later FROM line a JOIN line b ON b.lock = a.lock AND b.created_at > a.created_at
  WHERE b.first_start < a.left_line AND NOT a.delayed`;

describe('locks under stress', () => {
  let app: App;
  let own: INestApplicationContext;
  const ids: string[] = [];
  beforeAll(async () => {
    app = await startApp('lock stress', {
      program: FIXTURE_APP,
      workers: SIZE.workers,
      environment: { STALLED_WORKER_TIMEOUT: '5', LOG_LEVEL: 'warn' },
    });
    await app.database.pool.query(`
      CREATE TABLE visits (job_id uuid, attempt integer, lock text, entered_at timestamptz, left_at timestamptz,
                           PRIMARY KEY (job_id, attempt))`);
    own = await startProcess(app.database.url, { types: [{ type: 'contend' }] });
  });
  afterAll(async () => {
    await own?.close();
    await app?.stop();
  });

  const rows = async (sql: string, values?: unknown[]) => (await app.database.pool.query(sql, values)).rows;
  const ended = async (): Promise<number> =>
    (await rows(`SELECT count(*)::integer AS n FROM jobs WHERE finished_at IS NOT NULL`))[0].n;

  const jobAt = (index: number) => ({
    type: 'contend',
    lock: `L${index % SIZE.locks}`,
    delayed: index % 23 === 0,
    payload: {
      lock: `L${index % SIZE.locks}`,
      ms: index % 50 === 7 ? LONG_MS : index % 4,
      fails: index % 11 === 0 ? 1 : index % 97 === 0 ? 9 : 0,
      ...(index % 41 === 0 ? { hopeless: true } : {}),
      ...(index % 23 === 0 ? { delayed: true } : {}),
    },
  });

  /** By HTTP and in process in turn, so that two processes submit at once. */
  const submitCall = async (call: number): Promise<void> => {
    const jobs = Array.from({ length: CALL }, (_, index) => jobAt(call * CALL + index));
    if (call % 2 === 0) {
      const { status, body } = await app.client.post('/jobs/batch', {
        jobs: jobs.map(({ delayed, ...job }) => (delayed ? { ...job, schedule_in: 1 } : job)),
      });
      expect(status).toBe(201);
      ids.push(...body.jobs.map((job: any) => job.job_id));
    } else {
      const wanted: NewJob[] = jobs.map(({ delayed, ...job }) =>
        delayed ? { ...job, delayMs: 1_000 } : job,
      );
      ids.push(...(await own.get(QueueService).enqueue(wanted)).map(({ job }) => job.id));
    }
  };

  const submitAll = async (): Promise<void> => {
    let next = 0;
    const stream = async () => {
      while (next < SIZE.jobs / CALL) await submitCall(next++);
    };
    await Promise.all([stream(), stream(), stream()]);
  };

  /** Cancels some jobs, whatever they are doing just then, and retries half of those. */
  const interfere = async (isOver: () => boolean): Promise<void> => {
    for (let seen = 0; !isOver() || seen < ids.length;) {
      await eventually(() => seen < ids.length || isOver());
      for (const id of ids.slice(seen, (seen += 16)).slice(0, 1)) {
        await app.client.post(`/jobs/${id}/cancel`);
        if (seen % 32 === 0) await app.client.post(`/jobs/${id}/retry`);
      }
    }
  };

  /** A worker in the middle of a job. */
  const busyWorker = () =>
    eventually(async () => {
      const running = await rows(
        `SELECT w.pid FROM jobs j JOIN workers w ON w.id = j.worker_id
         WHERE j.status = 'PROCESSING' AND j.payload ->> 'ms' = $1 ORDER BY j.started_at DESC`,
        [String(LONG_MS)],
      );
      return app.workers.find(({ child }) => child.signalCode === null && child.pid === running[0]?.pid);
    });

  const killWorkers = async (): Promise<void> => {
    // Nobody waits for a replacement: all jobs could be done before the next kill.
    const replacements: Promise<unknown>[] = [];
    for (let kill = 1; kill <= SIZE.kills; kill++) {
      const due = (SIZE.jobs * kill) / (SIZE.kills + 3);
      await eventually(async () => (await ended()) >= due, SIZE.minutes * 60_000);
      await (await busyWorker()).stop('SIGKILL');
      replacements.push(app.addWorker());
    }
    await Promise.all(replacements);
  };

  /** Resolves when every job has ended, with what had to be mended meanwhile. */
  const allEnded = async (): Promise<number> => {
    let mended = 0;
    let lookedAt = 0;
    await eventually(async () => {
      if (performance.now() - lookedAt < MEND_EVERY_MS) return false;
      mended += await own.get(Mender).mend();
      lookedAt = performance.now();
      return (await ended()) === SIZE.jobs;
    }, SIZE.minutes * 60_000);
    return mended;
  };

  test(
    'keep jobs apart and in order, and strand none, through failures, retries, cancels and kills',
    async () => {
      let submitted = false;
      const [mended] = await Promise.all([
        allEnded(),
        submitAll().then(() => (submitted = true)),
        interfere(() => submitted),
        killWorkers(),
      ]);
      expect(await rows(OVERLAPS)).toEqual([]);
      expect(await rows(OVERTAKINGS)).toEqual([]);
      expect(await rows('SELECT * FROM job_locks')).toEqual([]);
      expect(await rows('SELECT id FROM pgboss.job')).toEqual([]);
      expect(mended + (await own.get(Mender).mend())).toBe(0);
      for (const worker of app.workers) expect(worker.output()).not.toContain('Mended');

      const outcomes = await rows(`SELECT outcome, count(*)::integer AS n FROM job_attempts GROUP BY 1`);
      const count = (outcome: string) => outcomes.find((row) => row.outcome === outcome)?.n ?? 0;
      expect(count('completed')).toBeGreaterThan(SIZE.jobs * 0.8);
      expect(count('failed')).toBeGreaterThan(SIZE.jobs * 0.05);
      expect(count('interrupted')).toBeGreaterThan(0);
      const wrong = await rows(`
        SELECT j.id FROM jobs j
        WHERE attempts <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'started')
           OR (status = 'COMPLETED') <> EXISTS (SELECT 1 FROM job_events e WHERE e.job_id = j.id AND e.event = 'completed')`);
      expect(wrong).toEqual([]);
    },
    SIZE.minutes * 60_000,
  );
});
