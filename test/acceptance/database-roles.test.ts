import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RoledDatabase, type RoleName, createRoledDatabase } from '../support/database-roles.js';
import { eventually } from '../support/eventually.js';
import { ExternalWorker } from '../support/external-worker.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, type ProductProcess, errorsIn, startProduct } from '../support/product.js';
import { Receiver, WEBHOOK_SETTINGS } from '../support/receiver.js';
import { RunningProgram } from '../support/running-program.js';

const CLI = ['--enable-source-maps', 'dist/src/cli/main.js'];

describe('under the roles of docker/postgres/roles.sql', () => {
  let database: RoledDatabase;
  let dataDir: string;
  let receiver: Receiver;
  let api: ProductProcess;
  const workers: ProductProcess[] = [];
  let client: Client;

  const command = async (role: RoleName, ...args: string[]) => {
    const program = RunningProgram.node([...CLI, ...args], {
      ...{ DATABASE_URL: database.url[role], DATABASE_DIRECT_URL: '', DATA_DIR: dataDir },
      SECRETS_KEY: WEBHOOK_SETTINGS.SECRETS_KEY,
    });
    const { code } = await program.exited;
    return { code, output: program.output };
  };
  const start = (role: 'api' | 'worker', more = {}) => {
    const environment = { DATA_DIR: dataDir, STALLED_WORKER_TIMEOUT: '5', ...WEBHOOK_SETTINGS, ...more };
    return startProduct(role, database.url[role], environment, FIXTURE_APP);
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-roles-'));
    receiver = await Receiver.start();
    database = await createRoledDatabase();
    const { code, output } = await command('migrator', 'migrate');
    if (code !== 0) throw new Error(output);
  });
  afterAll(async () => {
    await Promise.all([api, ...workers].map((process) => process?.stop()));
    await receiver?.stop();
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const submit = async (job: object): Promise<string> => {
    const { status, body } = await client.post('/jobs', job);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.job_id;
  };
  const ended = (id: string, status = 'COMPLETED') =>
    eventually(async () => {
      const { body } = await client.get(`/jobs/${id}`);
      if (body.status !== status) throw new Error(JSON.stringify(body));
      return body;
    }, 30_000);
  const send = async (method: string, path: string, body?: object, headers = {}) => {
    const answer = await client.send(method, path, body && JSON.stringify(body), headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

  test('nobody may do anything until the file has been applied to the tables, too', async () => {
    for (const role of ['api', 'worker', 'readonly'] as const)
      await expect(database.as(role, 'SELECT FROM jobs')).rejects.toThrow('permission denied');
    const { rows } = await database.pool.query(
      `SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname IN ('public', 'pgboss')`,
    );
    expect(rows).toEqual([{ owner: `${database.prefix}_owner` }]);
  });

  test('it may be applied again and again', async () => {
    const acl = `SELECT json_agg(json_build_array(c.oid::regclass, c.relacl, c.relowner) ORDER BY c.oid) AS acl FROM pg_class c`;
    await database.apply();
    const once = (await database.pool.query(acl)).rows;
    await database.apply();
    expect((await database.pool.query(acl)).rows).toEqual(once);
    expect((await command('migrator', 'migrate')).output).toContain('Nothing to migrate');
  });

  test('jobs of all kinds run, on workers that die too', async () => {
    [api] = await Promise.all([start('api')]);
    workers.push(await start('worker', { DELETE_JOBS: 'always', RETENTION_DAYS: '1' }));
    client = new Client(api.ready);

    const plain = await submit({ payload: {}, idempotency_key: 'one' });
    const locked = await Promise.all([1, 2, 3].map(() => submit({ payload: {}, lock: 'printer' })));
    const limited = await submit({ type: 'echo', payload: {}, queue: 'slow', limit_key: 'a' });
    const child = await submit({ payload: {}, depends_on: [plain] });
    const retried = await submit({ type: 'fail', payload: { times: 1 }, backoff: { base_delay: 0 } });
    const filed = await submit({ type: 'files', payload: { files: [{ name: 'a.txt', text: 'a' }] } });
    const spoken = await submit({ type: 'speak', payload: {} });
    const spawned = await submit({ type: 'spawn', payload: {} });
    for (const id of [plain, ...locked, limited, child, retried, spoken, spawned]) await ended(id);
    await eventually(async () => (await client.get(`/jobs/${filed}`)).body.finished_at !== null);

    await send(
      'PATCH',
      '/queues/slow',
      { limits: { rate: '100/minute', concurrency: 2, per_key: { concurrency: 1 } } },
      { 'If-Match': (await client.get('/queues/slow')).headers.get('etag')! },
    );
    await ended(await submit({ payload: {}, queue: 'slow', limit_key: 'a' }));
    const batch = await client.post('/jobs/batch', {
      jobs: [{ payload: {} }],
      group: { on_finished: { type: 'echo', payload: {} } },
    });
    expect(batch.status).toBe(201);
    const { body: workflow } = await send('POST', '/workflows', {
      jobs: [
        { ref: 'a', payload: {} },
        { ref: 'b', payload: {}, depends_on: ['a'] },
      ],
    });
    await eventually(
      async () => (await client.get(`/workflows/${workflow.workflow_id}`)).body.status === 'COMPLETED',
    );

    const second = await start('worker');
    workers.push(second);
    const pidOf = async (id: string) =>
      (
        await database.pool.query(
          'SELECT w.pid FROM jobs j JOIN workers w ON w.id = j.worker_id WHERE j.id = $1',
          [id],
        )
      ).rows[0]?.pid;
    const killed = await submit({ type: 'sleep', payload: { ms: 60_000, times: 1 } });
    const victim = await eventually(async () => {
      const pid = await pidOf(killed);
      return workers.find(({ child: process }) => process.pid === pid);
    });
    const at = Date.now();
    await victim.stop('SIGKILL');
    workers.splice(workers.indexOf(victim), 1);
    expect((await ended(killed)).attempts).toBe(2);
    // By its lock and its connections, which a role sees of the others' too, not by its silence.
    expect(Date.now() - at).toBeLessThan(5_000);
  }, 120_000);

  test('whoever runs the service can do all there is to do', async () => {
    const later = { payload: {}, schedule_in: 3_600 };
    const id = await submit(later);
    await send('PATCH', `/jobs/${id}`, { priority: 1 });
    await send('POST', `/jobs/${id}/cancel`);
    await send('POST', `/jobs/${id}/retry`);
    await ended(id);
    const { body: soon } = await send('POST', '/jobs', later);
    await send('POST', `/jobs/${soon.job_id}/run-now`);
    await ended(soon.job_id);
    const failed = await submit({ type: 'fail', payload: {}, max_attempts: 1 });
    await ended(failed, 'FAILED');
    const { body: groups } = await send('GET', '/dead-letters/groups');
    await send('POST', `/dead-letters/groups/${groups.groups[0].fingerprint}/resolve`);
    await send('DELETE', `/dead-letters/${failed}`);
    const running = await submit({ type: 'sleep', payload: { ms: 60_000 } });
    await ended(running, 'PROCESSING');
    await send('POST', `/jobs/${running}/cancel`);
    await ended(running, 'CANCELLED');
    const { body: bulk } = await send('POST', '/bulk-operations', {
      action: 'retry',
      filter: { job_ids: [running] },
    });
    await eventually(
      async () => (await client.get(`/bulk-operations/${bulk.operation_id}`)).body.state === 'completed',
    );
    await send('POST', `/jobs/${running}/cancel`);

    await send('POST', '/queues/default/pause');
    await send('POST', '/queues/default/resume');
    await send('POST', '/schedules', { name: 'often', cron: '* * * * * *', job: { payload: {} } });
    await eventually(async () => (await client.get('/schedules/often')).body.last_job_id !== null);
    await send('POST', '/schedules/often/run');
    await send('DELETE', '/schedules/often');

    const path = receiver.place();
    const { body: webhook } = await send('POST', '/webhooks', {
      url: receiver.url(path),
      events: ['job.completed'],
    });
    await submit({ payload: {} });
    await receiver.arrivals(path, 1);
    await send('POST', `/webhooks/${webhook.webhook_id}/test`);
    await receiver.arrivals(path, 2);
    await send('DELETE', `/webhooks/${webhook.webhook_id}`);

    await send('PUT', '/job-types/resize', { description: 'Resizes', queue: 'images' });
    const leased = await submit({ type: 'resize', payload: {} });
    const external = new ExternalWorker(api.ready, { queues: ['images'], types: ['resize'] });
    const lease = await external.leaseOne();
    await send('POST', `/leases/${lease.lease_token}/heartbeat`);
    await send('POST', `/leases/${lease.lease_token}/complete`, { result: { done: true } });
    await ended(leased);
    await send('DELETE', '/job-types/resize');
    for (const route of ['/stats', '/admin/stats', '/metrics', '/workers', '/queues', '/health'])
      expect((await fetch(api.ready + route)).status).toBe(200);
    const { body: log } = await send('GET', '/admin/audit?limit=200');
    expect(new Set(log.records.map(({ login }: { login: string }) => login))).toEqual(
      new Set(['api', 'worker'].map((role) => `${database.prefix}_${role}`)),
    );
  }, 120_000);

  test('what is by hand is mended, and what is old is deleted', async () => {
    const lost = await submit({ payload: {}, schedule_in: 3_600 });
    await database.pool.query(`UPDATE jobs SET scheduled_at = now(), ticketed = true WHERE id = $1`, [lost]);
    await database.pool.query(
      `UPDATE jobs SET finished_at = now() - interval '2 days' WHERE status = 'COMPLETED'`,
    );
    await database.pool.query(
      `INSERT INTO audit_log (at, actor, action, subject_type) VALUES (now() - interval '2 years', 'age', 'job.cancel', 'job')`,
    );
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    workers.push(await start('worker', { DELETE_JOBS: 'always', RETENTION_DAYS: '1' }));
    await ended(lost);
    const gone = async (query: string) =>
      eventually(async () => (await database.pool.query(query)).rows.length === 0, 60_000);
    await gone(
      `SELECT FROM jobs WHERE finished_at < now() - interval '1 day' AND NOT has_dependents AND workflow_ref IS NULL`,
    );
    await gone(`SELECT FROM audit_log WHERE actor = 'age'`);
  }, 120_000);

  test('the commands work: keys as api, doctor and audit as readonly', async () => {
    const made = await command('api', 'keys', 'create', 'ops', '--scopes', 'admin');
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('rh_') });
    expect((await command('api', 'keys', 'list')).output).toContain('ops');
    const [record] = await database.as(
      'readonly',
      `SELECT actor, login FROM audit_log WHERE action = 'key.create'`,
    );
    expect(record).toEqual({ actor: 'command line', login: `${database.prefix}_api` });
    for (const refused of [await command('worker', 'keys', 'list'), await command('api', 'migrate')]) {
      expect(refused.output).toMatch(
        /may not do this \((permission denied|must be owner).*database-roles\.md\.$/m,
      );
      expect(refused.output).not.toContain('    at ');
      expect(refused.code).toBe(78);
    }

    expect(await command('readonly', 'audit')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Everything holds'),
    });
    for (const role of ['readonly', 'api', 'worker'] as const) {
      const { output } = await command(role, 'doctor', '--json');
      const { findings } = JSON.parse(output.slice(output.indexOf('{')));
      expect(findings.filter(({ check }: { check: string }) => check === 'role')).toEqual([
        { check: 'role', level: 'ok', says: expect.stringContaining(`${database.prefix}_${role}`) },
      ]);
      expect(JSON.stringify(findings)).not.toContain('could not be looked at');
    }
  }, 120_000);

  test('the doctor says when a role may do too much, and which right is missing', async () => {
    const role = async (name: RoleName) => {
      const { output } = await command(name, 'doctor', '--json');
      const { findings } = JSON.parse(output.slice(output.indexOf('{')));
      return findings.filter(({ check }: { check: string }) => check === 'role');
    };
    expect(await role('migrator')).toEqual([
      expect.objectContaining({ level: 'warning', says: expect.stringContaining('owns the tables') }),
    ]);
    const name = `${database.prefix}_worker`;
    await database.pool.query(
      `REVOKE DELETE ON job_locks FROM ${name}; GRANT DELETE ON audit_log TO ${name}`,
    );
    await database.pool.query(`REVOKE EXECUTE ON FUNCTION forget_audit_log FROM ${name}`);
    expect(await role('worker')).toEqual([
      expect.objectContaining({
        level: 'error',
        says: `The role ${name} may not DELETE ON job_locks`,
        fix: expect.stringContaining(`GRANT DELETE ON job_locks TO ${name};`),
      }),
      expect.objectContaining({
        level: 'error',
        fix: expect.stringContaining(
          `GRANT EXECUTE ON FUNCTION forget_audit_log(integer,integer) TO ${name};`,
        ),
      }),
      expect.objectContaining({ level: 'warning', says: `The role ${name} may change audit_log by hand` }),
    ]);
    await database.apply();
    expect(await role('worker')).toEqual([expect.objectContaining({ level: 'ok' })]);
  });

  const everybody: readonly RoleName[] = ['api', 'worker', 'readonly', 'monitor'];
  const refused: [string, readonly RoleName[], string][] = [
    ['makes a table', everybody, 'CREATE TABLE mine (id int)'],
    ['makes a table for itself', everybody, 'CREATE TEMP TABLE mine (id int)'],
    ['makes a function', everybody, 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['makes a schema', everybody, 'CREATE SCHEMA mine'],
    ['changes a table', everybody, 'ALTER TABLE jobs DISABLE TRIGGER record_job_events'],
    ['drops a table', everybody, 'DROP TABLE jokes'],
    ['silences triggers', everybody, 'SET session_replication_role = replica'],
    ['becomes the owner', everybody, 'SET ROLE OWNER_ROLE'],
    ['empties the jobs', everybody, 'TRUNCATE jobs'],
    ['empties the line', everybody, 'TRUNCATE pgboss.job'],
    ['reads files', everybody, `SELECT pg_read_file('/etc/passwd')`],
    ['runs programs', everybody, `COPY jobs TO PROGRAM 'cat'`],
    [
      'forges a record of the ledger',
      everybody,
      `INSERT INTO job_events (job_id, attempt, event, at) VALUES (gen_random_uuid(), 1, 'completed', now())`,
    ],
    ['changes the ledger', everybody, `UPDATE job_events SET event = 'completed'`],
    ['deletes from the ledger', everybody, 'DELETE FROM job_events'],
    [
      'sets the ledger’s function up for itself',
      everybody,
      'CREATE TRIGGER t AFTER UPDATE ON jokes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_job_events()',
    ],
    ['hides a removal', everybody, 'DELETE FROM removed_jobs'],
    ['changes the audit log', everybody, `UPDATE audit_log SET actor = 'x'`],
    ['deletes from the audit log', everybody, 'DELETE FROM audit_log'],
    ['empties the audit log', everybody, 'TRUNCATE audit_log'],
    [
      'dates a record back',
      everybody,
      `INSERT INTO audit_log (at, actor, action, subject_type) VALUES ('2020-01-01', 'x', 'job.cancel', 'job')`,
    ],
    [
      'records in another login’s name',
      everybody,
      `INSERT INTO audit_log (login, actor, action, subject_type) VALUES ('x', 'x', 'job.cancel', 'job')`,
    ],
    ['reads the audit log', ['worker'], 'SELECT * FROM audit_log'],
    ['forgets the audit log', ['api', 'readonly'], 'SELECT forget_audit_log(30, 1000)'],
    ['reads keys', ['worker'], 'SELECT id FROM api_keys'],
    ['reads what keys are told by', ['worker', 'readonly'], 'SELECT digest FROM api_keys'],
    [
      'makes a key',
      ['worker', 'readonly'],
      `INSERT INTO api_keys (id, name, scopes, digest, created_by) VALUES (gen_random_uuid(), 'x', '{admin}', 'x', 'x')`,
    ],
    ['deletes a key', everybody, 'DELETE FROM api_keys'],
    ['reads the key of leases', ['worker', 'readonly'], 'SELECT * FROM lease_key'],
    ['reads secrets of webhooks', ['readonly'], 'SELECT secret FROM webhooks'],
    [
      'makes a webhook',
      ['worker', 'readonly'],
      `INSERT INTO webhooks (id, url, events, secret, created_by) VALUES (gen_random_uuid(), 'x', '{}', 'x', 'x')`,
    ],
    [
      'makes a schedule',
      ['worker', 'readonly'],
      `INSERT INTO schedules (id, name) VALUES (gen_random_uuid(), 'x')`,
    ],
    ['redefines a job type', ['worker', 'readonly'], `UPDATE job_types SET payload_schema = '{}'`],
    ['changes a job', ['readonly', 'monitor'], `UPDATE jobs SET priority = 1`],
    ['reads payloads', ['monitor'], 'SELECT payload FROM jobs'],
    ['adds a joke', ['readonly', 'monitor'], `INSERT INTO jokes (joke_id, value) VALUES ('x', 'x')`],
    ['takes a migration for done', everybody, 'DELETE FROM migrations'],
  ];
  test.each(refused)('nobody who should not %s', async (_, roles, statement) => {
    for (const role of roles)
      await expect(
        database.as(role, statement.replace('OWNER_ROLE', `${database.prefix}_owner`)),
      ).rejects.toMatchObject({ code: '42501' });
  });

  test('a worker that was taken over cannot make the audit log forget the last month', async () => {
    await database.pool.query(
      `INSERT INTO audit_log (at, actor, action, subject_type, subject_id) VALUES (now() - interval '29 days', 'recent', 'job.cancel', 'job', $1)`,
      [randomUUID()],
    );
    await database.as(
      'worker',
      `SET roundhouse.forgets_audit_log = 'on'; SELECT forget_audit_log(0, 1000000)`,
    );
    expect(await database.as('readonly', `SELECT actor FROM audit_log WHERE actor = 'recent'`)).toHaveLength(
      1,
    );
  });

  test('a table that a later migration makes is ready for use', async () => {
    await database.as('migrator', 'CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, word text)');
    for (const role of ['api', 'worker'] as const)
      await database.as(role, `INSERT INTO later (word) VALUES ('x')`);
    await expect(database.as('readonly', 'DELETE FROM later')).rejects.toMatchObject({ code: '42501' });
    await database.as('migrator', 'DROP TABLE later');
  });

  test('and nothing failed behind the scenes', () => {
    for (const process of [api, ...workers]) {
      // What was done by hand, the standing audit tells.
      const errors = errorsIn(process.output()).filter((line) => !line.includes('"context":"Audit"'));
      expect(errors).toEqual([]);
      expect(process.output()).not.toContain('permission denied');
    }
  });
});
