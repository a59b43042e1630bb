import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { Cli } from '../support/cli.js';
import { blocksIn } from '../support/markdown.js';
import { type App, startApp } from '../support/start-app.js';

const hasPsql = spawnSync('which', ['psql']).status === 0;
if (!hasPsql)
  process.stderr.write('Skipped: the commands of docs/migrate-from-the-seeds.md (there is no psql)\n');

/** Procrastinate's table, as far as the projects use it. */
const PROCRASTINATE = `
  CREATE TYPE procrastinate_job_status AS ENUM ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted');
  CREATE TABLE procrastinate_jobs (
    id bigserial PRIMARY KEY, queue_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL,
    priority integer NOT NULL DEFAULT 0, lock text, queueing_lock text, args jsonb NOT NULL DEFAULT '{}',
    status procrastinate_job_status NOT NULL DEFAULT 'todo', scheduled_at timestamptz, attempts integer NOT NULL DEFAULT 0);
  INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, priority, lock, queueing_lock, scheduled_at, attempts) VALUES
    ('api_calls', 'app.tasks.fetch_and_cache_joke', '{"category": "dev"}', 'todo', 0, NULL, NULL, NULL, 0),
    ('api_calls', 'app.tasks.fetch_and_cache_joke', '{}', 'todo', 0, NULL, NULL, '2099-01-31 16:00:00.25+01', 2),
    ('Big Files', 'shop.tasks.resize', '{"line": "one\\ntwo", "none": null}', 'todo', 3, '/tmp/a "b".txt', NULL, NULL, 0),
    ('Big Files', 'shop.tasks.resize', '{"n": 2}', 'doing', -9, '/tmp/a "b".txt', NULL, NULL, 1),
    ('default', 'shop.tasks.resize', '{"n": 3}', 'todo', 0, NULL, 'tidy', NULL, 0),
    ('default', 'app.tasks.retry_stalled_jobs', '{"timestamp": 1}', 'todo', 0, NULL, 'retry_stalled_jobs', NULL, 0),
    ('default', 'shop.tasks.resize', '{"n": 4}', 'succeeded', 0, NULL, NULL, NULL, 1),
    ('default', 'shop.tasks.resize', '{"n": 5}', 'failed', 0, NULL, NULL, NULL, 5);
  CREATE TABLE chuck_norris_jokes (
    id serial PRIMARY KEY, joke_id varchar UNIQUE NOT NULL, value text NOT NULL, category varchar, url varchar, icon_url varchar,
    created_at timestamptz NOT NULL DEFAULT now());
  INSERT INTO chuck_norris_jokes (joke_id, value, category, url, created_at) VALUES
    ('a1', 'He said: "It''s a \\backslash;"', 'dev', 'https://example.org/a1', '2024-01-15 10:30:00Z'),
    ('b2', E'Two\\nlines', NULL, NULL, '2024-01-16 10:30:00Z')`;

const ASYNC_WORKER = `
  CREATE TABLE jobs (id uuid PRIMARY KEY, payload jsonb NOT NULL, status text NOT NULL, attempt_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now());
  INSERT INTO jobs (id, payload, status) VALUES
    ('7d9a1c1e-0000-4000-8000-000000000001', '{"task": "hello_world", "data": "test message"}', 'queued'),
    ('7d9a1c1e-0000-4000-8000-000000000002', '{"key": "value"}', 'processing'),
    ('7d9a1c1e-0000-4000-8000-000000000003', '{}', 'completed')`;

const JOB_SERVICE = `
  CREATE TABLE jobs (id serial PRIMARY KEY, type varchar NOT NULL, payload json NOT NULL, idempotency_key varchar UNIQUE,
    status varchar NOT NULL DEFAULT 'PENDING', priority integer NOT NULL DEFAULT 5, scheduled_at timestamp,
    created_at timestamp NOT NULL DEFAULT now());
  INSERT INTO jobs (type, payload, idempotency_key, status, priority, scheduled_at) VALUES
    ('send_email', '{"to": "user@example.com", "subject": "Welcome!", "body": "Thanks for signing up"}', 'signup-email-user123',
     'PENDING', 5, '2099-02-01T15:00:00'),
    ('echo', '{"n": 1}', NULL, 'PROCESSING', 1, NULL),
    ('echo', '{"n": 2}', NULL, 'FAILED', 1, NULL)`;

describe('docs/migrate-from-the-seeds.md', () => {
  let app: App;
  let cli: Cli;
  let folder: string;

  /** The address of a schema, as that of an old database. */
  const at = (schema: string) => {
    const url = new URL(app.database.url);
    url.searchParams.set('options', `-c search_path=${schema}`);
    return url.href.replaceAll('+', '%20');
  };
  const onOld = async (schema: string, text: string) => {
    const client = new pg.Client(at(schema));
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text).finally(() => client.end());
    return rows;
  };
  /** What psql would write into waiting.jsonl. */
  const writeDown = async (schema: string, file: string) => {
    const lines = await onOld(schema, readFileSync(`examples/moving/${file}`, 'utf8'));
    const path = join(folder, `${schema}.jsonl`);
    writeFileSync(path, lines.map((row) => `${JSON.stringify(Object.values(row)[0])}\n`).join(''));
    return path;
  };
  const jobOf = async (key: string) => {
    const { body } = await app.client.get(`/jobs?idempotency_key=${encodeURIComponent(key)}`);
    expect(body.jobs).toHaveLength(1);
    return body.jobs[0];
  };
  const countJobs = async () =>
    Number((await app.database.pool.query('SELECT count(*) FROM public.jobs')).rows[0].count);

  beforeAll(async () => {
    app = await startApp('documented moving', { workers: 0 });
    folder = mkdtempSync(join(tmpdir(), 'roundhouse-moving-'));
    for (const name of ['bin', 'examples']) symlinkSync(resolve(name), join(folder, name));
    cli = new Cli(app.api.ready, { DATABASE_URL: app.database.url, OLD_DATABASE_URL: at('procrastinate') });
    for (const [schema, text] of Object.entries({
      procrastinate: PROCRASTINATE,
      async_worker: ASYNC_WORKER,
      job_service: JOB_SERVICE,
    })) {
      await app.database.pool.query(`CREATE SCHEMA ${schema}`);
      await onOld(schema, text);
    }
    const declared = { description: 'Resizes.', payload_schema: { type: 'object' } };
    expect((await app.client.send('PUT', '/job-types/resize', JSON.stringify(declared))).status).toBe(201);
  });
  afterAll(async () => {
    await app?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  test('the waiting jobs of Procrastinate keep what they had, and come once however often', async () => {
    const submit = ['submit', '--from', await writeDown('procrastinate', 'procrastinate.sql')];
    expect(await cli.run(submit)).toMatchObject({ code: 0, stdout: '5 jobs accepted.\n' });
    await writeDown('procrastinate', 'procrastinate.sql');
    expect((await cli.run(submit)).stdout).toBe('0 jobs accepted, 5 were there already.\n');

    expect(await jobOf('procrastinate-1')).toMatchObject({
      ...{ type: 'fetch_and_cache_joke', queue_name: 'api_calls', payload: { category: 'dev' } },
      ...{ status: 'PENDING', priority: 5, attempts: 0, max_attempts: 5, lock: null },
    });
    expect(await jobOf('procrastinate-2')).toMatchObject({ scheduled_at: '2099-01-31T15:00:00.250Z' });
    const locked = [await jobOf('procrastinate-3'), await jobOf('procrastinate-4')];
    expect(locked).toMatchObject([
      { queue_name: 'big-files', priority: 2, status: 'PENDING', payload: { line: 'one\ntwo', none: null } },
      { lock: '/tmp/a "b".txt', priority: 10, status: 'BLOCKED', payload: { n: 2 } },
    ]);
    const { unique_key } = await jobOf('procrastinate-5');
    expect(unique_key).toBe('tidy');
    const same = { type: 'resize', payload: { n: 9 }, unique: { key: 'tidy' } };
    expect((await app.client.post('/jobs', same)).status).toBe(200);
    expect(await countJobs()).toBe(5);
  });

  test('a job that waits again under its lock after the first batch has its place', async () => {
    await onOld(
      'procrastinate',
      `INSERT INTO procrastinate_jobs (queue_name, task_name, lock) VALUES ('default', 'resize', '/tmp/a "b".txt')`,
    );
    const submit = ['submit', '--from', await writeDown('procrastinate', 'procrastinate.sql')];
    expect((await cli.run(submit)).stdout).toBe('1 job accepted, 5 were there already.\n');
    expect(await jobOf('procrastinate-9')).toMatchObject({ status: 'BLOCKED', payload: {} });
  });

  test('the waiting jobs of the async worker come along', async () => {
    const path = await writeDown('async_worker', 'async-worker.sql');
    expect(await cli.run(['submit', '--from', path])).toMatchObject({
      code: 0,
      stdout: '2 jobs accepted.\n',
    });
    expect(await jobOf('async-worker-7d9a1c1e-0000-4000-8000-000000000001')).toMatchObject({
      type: 'echo',
      payload: { task: 'hello_world', data: 'test message' },
    });
  });

  test('the waiting jobs of the job service come along under their own keys', async () => {
    const path = await writeDown('job_service', 'job-service.sql');
    expect(await cli.run(['submit', '--from', path])).toMatchObject({
      code: 0,
      stdout: '2 jobs accepted.\n',
    });
    expect(await jobOf('signup-email-user123')).toMatchObject({
      type: 'send_email',
      payload: { to: ['user@example.com'], subject: 'Welcome!', text: 'Thanks for signing up' },
      scheduled_at: '2099-02-01T15:00:00.000Z',
    });
    expect(await jobOf('job-service-2')).toMatchObject({ priority: 1, payload: { n: 1 } });
  });

  (hasPsql ? test : test.skip)('its commands do that, one after the other, twice', async () => {
    const commands = blocksIn('docs/migrate-from-the-seeds.md', 'sh');
    expect(commands).toHaveLength(4);
    const before = await countJobs();
    for (const command of [...commands, ...commands]) {
      const { code, stderr } = await cli.shell(command, folder);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(await countJobs()).toBe(before);
    expect(await onOld('procrastinate', `SELECT DISTINCT status FROM procrastinate_jobs`)).toEqual(
      expect.not.arrayContaining([{ status: 'todo' }, { status: 'doing' }]),
    );
    expect((await app.client.get('/jokes')).body.jokes).toMatchObject([
      { joke_id: 'b2', value: 'Two\nlines', category: null, created_at: '2024-01-16T10:30:00.000Z' },
      { joke_id: 'a1', value: 'He said: "It\'s a \\backslash;"', url: 'https://example.org/a1' },
    ]);
  });

  test('the addresses of all of them answer', async () => {
    const { post, get } = { post: app.client.post.bind(app.client), get: app.client.get.bind(app.client) };
    const task = await post('/tasks/fetch-joke', { category: 'dev' });
    expect(task.body).toEqual({
      job_id: expect.any(String),
      status: 'queued',
      message: `Job ${task.body.job_id} queued successfully. Category: dev`,
    });
    expect((await get(`/jobs/${task.body.job_id}`)).body).toMatchObject({ queue_name: 'api_calls' });
    const hello = await post('/jobs', { payload: { task: 'hello_world', data: 'test message' } });
    expect(hello).toMatchObject({ status: 201, body: { type: 'echo', status: 'PENDING' } });
    for (const [path, fields] of Object.entries({
      '/jokes?skip=0&limit=20&category=dev': { total: expect.any(Number), skip: 0, limit: 20 },
      '/stats': { total_jokes: expect.any(Number), categories: {}, recent_jobs: expect.any(Number) },
      '/jobs?status=queued': { jobs: expect.any(Array), next_cursor: null },
      '/jobs?status=doing': { jobs: [] },
      '/admin/stats': { status_breakdown: { COMPLETED: 0 }, recent_failures: [] },
    }))
      expect((await get(path)).body).toMatchObject(fields);
    for (const path of ['/', '/docs', '/redoc', '/metrics', '/health/live'])
      expect((await fetch(app.api.ready + path)).status).toBe(200);
  });
});
