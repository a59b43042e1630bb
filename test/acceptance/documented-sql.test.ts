import type { TestDatabase } from '../support/database.js';
import { type RoledDatabase, createRoledDatabase } from '../support/database-roles.js';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { blocksIn } from '../support/markdown.js';
import { insertPastJobs } from '../support/past-jobs.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';

type Row = Record<string, any>;

/** Jobs that have ended long ago: what no statement reads that does not say so. */
const ENDED = 20_000;

/** What is kept out of the views, wherever a job may have it. */
const SECRET = 'for-handlers-only';

/** The message of the errors of `fail`. */
const MESSAGE = 'failure 1';

/** The statements of the document by their first line. */
const statements = new Map(
  blocksIn('docs/sql.md', 'sql').map((text) => [/^-- (.+)\.$/m.exec(text)?.[1] ?? text, text]),
);
const READS_ALL = [...statements.keys()].filter((title) => title.includes('(reads'));
const FOR_READONLY = [...statements.keys()].filter((title) => title.includes('(as roundhouse_readonly)'));

describe('docs/sql.md', () => {
  let database: RoledDatabase;
  /** The jobs that were submitted, by what became of them. */
  const ids: Record<string, string> = {};
  const answers = new Map<string, Row[]>();

  beforeAll(async () => {
    database = await createRoledDatabase();
    await migrate();
    await database.apply();
    await populate();
    for (const [title, text] of statements)
      answers.set(title, await database.as(FOR_READONLY.includes(title) ? 'readonly' : 'monitor', text));
  }, 120_000);
  afterAll(() => database?.drop());

  const migrate = async () => {
    const args = ['--enable-source-maps', 'dist/src/cli/main.js', 'migrate'];
    const program = RunningProgram.node(args, { DATABASE_URL: database.url.migrator });
    const { code } = await program.exited;
    if (code !== 0) throw new Error(program.output);
  };

  /** Jobs in every state there is, made by the product; nothing runs any more afterwards. */
  const populate = async () => {
    const api = await startProduct('api', database.url.api, {}, FIXTURE_APP);
    const worker = await startProduct('worker', database.url.worker, {}, FIXTURE_APP);
    const client = new Client(api.ready);
    const submit = async (name: string, job: object) => {
      const { status, body } = await client.post('/jobs', job);
      if (status !== 201) throw new Error(JSON.stringify(body));
      ids[name] = body.job_id;
    };
    const has = (name: string, status: string) =>
      eventually(async () => (await client.get(`/jobs/${ids[name]}`)).body.status === status);
    const secret = { secret: SECRET };
    const soon = { base_delay: 0, max_delay: 0, jitter: 0 };
    const late = { base_delay: 3_600, max_delay: 3_600, jitter: 0 };

    await submit('done', { payload: secret, tags: ['monthly'], unique: { key: SECRET }, queue: 'parked' });
    await submit('failed', { type: 'fail', payload: secret, max_attempts: 1 });
    await submit('again', { type: 'fail', payload: { times: 1 }, backoff: soon });
    await submit('retries', { type: 'fail', payload: {}, max_attempts: 5, backoff: late });
    await submit('holds', { type: 'sleep', payload: { ms: 600_000 }, lock: 'printer', queue: 'slow' });
    await has('holds', 'PROCESSING');
    await submit('locked', { payload: secret, lock: 'printer', queue: 'slow' });
    await submit('later', { payload: secret, schedule_in: 3_600, queue: 'slow' });
    await submit('child', { payload: secret, depends_on: [ids.holds] });
    await has('done', 'COMPLETED');
    await has('failed', 'FAILED');
    await has('again', 'COMPLETED');
    await eventually(async () => (await client.get(`/jobs/${ids.retries}`)).body.attempts === 1);
    await has('retries', 'PENDING');
    await client.post('/queues/parked/pause', { reason: 'The printer is away' });
    await submit('parked', { payload: secret, queue: 'parked' });
    await api.stop('SIGKILL');
    await worker.stop('SIGKILL');

    await makePast();
  };

  const makePast = async () => {
    const { pool } = database;
    await pool.query(
      `UPDATE jobs SET started_at = started_at - interval '11 minutes' WHERE id = '${ids.holds}'`,
    );
    await pool.query(`UPDATE workers SET last_seen_at = last_seen_at - interval '20 seconds'`);
    await pool.query(
      `INSERT INTO jokes (joke_id, value, category) VALUES ('a', 'A joke', 'dev'), ('b', 'Another one', NULL)`,
    );
    const long = { created: 300_000, started: 299_999, finished: 299_998 };
    await insertPastJobs({ pool } as TestDatabase, {
      queue: 'default',
      status: 'COMPLETED',
      count: ENDED,
      ...long,
    });
    await pool.query(
      `INSERT INTO job_events (job_id, attempt, event, at)
       SELECT id, 1, event, at FROM jobs, LATERAL (VALUES ('started', started_at), ('completed', finished_at)) AS e (event, at)
       WHERE created_at < now() - interval '1 day'`,
    );
    await pool.query('ANALYZE');
  };

  /** What each statement is to answer; every one has an entry. */
  const EXPECTED: Record<string, (rows: Row[]) => void> = {
    'Jobs by status': (rows) =>
      expect(Object.fromEntries(rows.map(({ status, jobs }) => [status, Number(jobs)]))).toEqual({
        BLOCKED: 2,
        PENDING: 3,
        PROCESSING: 1,
        COMPLETED: ENDED + 2,
        FAILED: 1,
      }),
    'Jobs by type': (rows) =>
      expect(rows.map(({ type, jobs }) => [type, Number(jobs)])).toEqual([
        ['echo', ENDED + 5],
        ['fail', 3],
        ['sleep', 1],
      ]),
    'The depth of each queue': (rows) => {
      const queue = (name: string) => rows.find(({ queue_name }) => queue_name === name)!;
      expect(queue('slow')).toMatchObject({ pending: '1', blocked: '1', processing: '1', is_paused: false });
      expect(queue('parked')).toMatchObject({
        pending: '1',
        is_paused: true,
        pause_reason: 'The printer is away',
      });
    },
    'What jobs wait for, and the longest wait of those that could start': (rows) =>
      expect(rows.map((row) => [row.queue_name, row.waits_for, row.jobs])).toEqual([
        ['default', 'dependencies', '1'],
        ['default', 'retry', '1'],
        ['parked', 'turn', '1'],
        ['slow', 'lock', '1'],
        ['slow', 'time', '1'],
      ]),
    'Accepted, done and failed, minute by minute': (rows) => {
      const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
      expect([sum('submitted'), sum('completed'), sum('failed')]).toEqual([9, 2, 1]);
    },
    'Jobs accepted in the last hour': (rows) => expect(rows).toEqual([{ recent_jobs: '9' }]),
    'The newest jobs': (rows) => {
      expect(rows).toHaveLength(100);
      expect(rows[0]).toMatchObject({ job_id: ids.parked, status: 'PENDING', queue_name: 'parked' });
    },
    'What will start last': (rows) => {
      expect(rows).toHaveLength(5);
      expect(
        rows
          .slice(0, 2)
          .map(({ job_id }) => job_id)
          .sort(),
      ).toEqual([ids.later, ids.retries].sort());
    },
    'Failed jobs, the latest first': (rows) =>
      expect(rows).toMatchObject([{ job_id: ids.failed, attempts: 1, error_name: 'RangeError' }]),
    'Causes of failures': (rows) => expect(rows).toMatchObject([{ type: 'fail', jobs: '1' }]),
    'The history of the job that failed last': (rows) =>
      expect(rows.map(({ event }) => event)).toEqual(['started', 'failed']),
    'Jobs that wait behind a lock, and the job that holds it': (rows) =>
      expect(rows).toMatchObject([{ lock: 'printer', waiting: '1', held_by: ids.holds }]),
    'Jobs that have been running for more than ten minutes': (rows) =>
      expect(rows).toMatchObject([
        { job_id: ids.holds, type: 'sleep', status: 'PROCESSING', worker_pid: expect.any(Number) },
      ]),
    'Jobs of workers that have been silent for more than 15 seconds': (rows) =>
      expect(rows).toMatchObject([{ job_id: ids.holds, worker_silent_for: expect.anything() }]),
    'Retries that wait': (rows) =>
      expect(rows).toMatchObject([
        { job_id: ids.retries, attempts: 1, max_attempts: 5, error_name: 'RangeError' },
      ]),
    'Executions that were followed by another one, of jobs of the last day': (rows) =>
      expect(rows).toMatchObject([
        { job_id: ids.again, attempt: 1, outcome: 'failed', error_name: 'RangeError' },
      ]),
    'Who works, on how much': (rows) =>
      expect(rows).toMatchObject([{ state: 'running', runs: '1', slots: 10 }]),
    'Success rate by type, of all that is there': (rows) =>
      expect(rows.map(({ type, percent }) => [type, percent])).toEqual([
        ['fail', '50.0'],
        ['echo', '100.0'],
      ]),
    'Executions of failed jobs, on average': (rows) =>
      expect(rows).toEqual([{ avg_attempts_for_failed_jobs: 1 }]),
    'How long executions took in the last hour': (rows) => {
      const executions = Object.fromEntries(rows.map((row) => [row.queue_name, row.executions]));
      // In default one that failed, two of the job that failed first, and one of that whose retry waits.
      expect(executions).toEqual({ default: '4', parked: '1' });
      for (const { avg_seconds } of rows) expect(avg_seconds).toBeGreaterThanOrEqual(0);
    },
    'Retries and times by type, of jobs of the last hour': (rows) =>
      expect(rows).toMatchObject([
        { type: 'echo', jobs: '5', percent_retried: '0.0' },
        { type: 'fail', jobs: '3', percent_retried: '33.3' },
        { type: 'sleep', jobs: '1', avg_duration: null },
      ]),
    'Cached jokes, the newest first': (rows) => expect(rows).toHaveLength(2),
    'Jokes by category': (rows) =>
      expect(new Set(rows.map(({ category }) => category))).toEqual(new Set(['dev', 'uncategorized'])),
    'Jokes that are there twice: none, the table does not let them in': (rows) => expect(rows).toEqual([]),
    'All jobs by their time (reads every job)': (rows) => {
      expect(rows).toHaveLength(100);
      expect([ids.later, ids.retries]).toContain(rows[0]!.job_id);
    },
    'Jobs with a tag (reads every job)': (rows) =>
      expect(rows).toMatchObject([{ job_id: ids.done, status: 'COMPLETED' }]),
    'The latest retries of all (reads the whole history)': (rows) =>
      expect(new Set(rows.map(({ job_id }) => job_id))).toEqual(
        new Set([ids.failed, ids.again, ids.retries]),
      ),
    'The latest failures with what they said (as roundhouse_readonly)': (rows) =>
      expect(rows).toMatchObject([{ job_id: ids.failed, error: expect.any(String), attempts: 1 }]),
  };

  test('has an expectation here for each of its statements', () => {
    expect([...statements.keys()]).toEqual(Object.keys(EXPECTED));
  });

  test.each(Object.keys(EXPECTED))('%s', (title) => {
    EXPECTED[title]!(answers.get(title)!);
  });

  test.each(Object.keys(EXPECTED))('reads ended jobs only where it says so: %s', async (title) => {
    const [plan] = await database.as('readonly', `EXPLAIN (ANALYZE, FORMAT JSON) ${statements.get(title)!}`);
    const read = rowsRead(plan!['QUERY PLAN'][0].Plan as PlanNode);
    if (READS_ALL.includes(title)) expect(read).toBeGreaterThanOrEqual(ENDED);
    else expect(read).toBeLessThan(1_000);
  });

  test('finds waiting jobs by the index that has them apart from ended ones, as many as these may be', async () => {
    const [plan] = await database.as('readonly', 'EXPLAIN (FORMAT JSON) SELECT * FROM operator_waiting_jobs');
    const text = JSON.stringify(plan);
    expect(text.match(/"(IDX_jobs_\w+|PK_jobs)"/g)).toEqual(['"IDX_jobs_kind"']);
    expect(text).toMatch(/"Index Cond":"\(\(ROW\(queue, type, status\) >=/);
  });

  test('shows nothing of a view that a type may keep back, nor what errors say', async () => {
    const { rows } = await database.pool.query(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'v' AND relname LIKE 'operator\\_%'`,
    );
    expect(rows).toHaveLength(10);
    for (const { name } of rows) {
      const shown = await database.as('monitor', `SELECT v::text AS text FROM ${name} v`);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter(({ text }) => [SECRET, MESSAGE].some((word) => text.includes(word)))).toEqual([]);
      await expect(database.pool.query(`DELETE FROM ${name}`)).rejects.toThrow(/cannot delete from view/);
    }
    const tables = await database.as(
      'readonly',
      `SELECT jsonb_agg(j)::text AS text FROM jobs j WHERE id >= '${ids.done}'`,
    );
    expect(tables[0]!.text).toContain(SECRET);
    expect(tables[0]!.text).toContain(MESSAGE);
  });

  test.each(['jobs', 'job_events', 'job_attempts', 'workers', 'queues', 'pgboss.job', 'audit_log'])(
    'the role for monitoring does not read %s',
    async (table) => {
      await expect(database.as('monitor', `SELECT * FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
    },
  );

  test('first_job_id() is the smallest id of its millisecond', async () => {
    const [row] = await database.as(
      'monitor',
      `SELECT first_job_id('2026-02-01T14:30:00.001Z')::text AS id, first_job_id(NULL) AS none`,
    );
    expect(row).toEqual({ id: '019c199c-4e41-0000-0000-000000000000', none: null });
  });
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows of jobs and of their history that a plan has looked at. */
function rowsRead(node: PlanNode): number {
  const isOurs = ['jobs', 'job_events'].includes(node['Relation Name'] ?? '');
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  const below = (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0);
  return below + (isOurs ? each * node['Actual Loops'] : 0);
}
