import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { JobTypes, QueueModule, QueueReadiness } from '../../src/queue/index.js';
import { SchedulesService } from '../../src/schedules/schedules.service.js';
import { SchedulesQuery } from '../../src/schedules/schedules.query.js';
import { TargetsModule } from '../../src/schedules/targets/targets.module.js';
import { DueSchedules } from '../../src/schedules/ticker/due-schedules.js';
import { TasksModule } from '../../src/tasks/index.js';
import { HandlersModule } from '../../src/worker/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { jobsOf, runsOf, turnBack, workflowsOf } from '../support/schedules.js';

const WORKFLOW = {
  name: 'nightly report',
  tags: ['night'],
  jobs: [
    { ref: 'tell', depends_on: ['fetch'], payload: { of: { $job: 'fetch' } }, tags: ['x'] },
    { ref: 'fetch', payload: { workflow: { $workflow: 'id' } }, queue: 'reports' },
  ],
  on_finished: { type: 'echo', payload: { over: true } },
};
const JOB = { type: 'echo', payload: { single: true } };

describe('a schedule of a workflow that is due', () => {
  let database: TestDatabase;
  let processes: INestApplicationContext[];
  let service: SchedulesService;

  async function startProcess(): Promise<INestApplicationContext> {
    const app = await compile(database.url, {
      imports: [QueueModule, HandlersModule, TasksModule, TargetsModule],
      providers: [SchedulesService, SchedulesQuery, DueSchedules],
    });
    await app.init();
    await app.get(QueueReadiness).ready;
    return app;
  }

  beforeAll(async () => {
    database = await createTestDatabase('schedule_workflows');
    processes = await Promise.all([1, 2, 3].map(startProcess));
    service = processes[0]!.get(SchedulesService);
  });
  afterEach(() =>
    database.pool.query(
      'TRUNCATE schedules, jobs, job_keys, job_locks, job_dependencies, workflows, pgboss.job CASCADE',
    ),
  );
  afterAll(async () => {
    await Promise.all((processes ?? []).map((process) => process.close()));
    await database?.drop();
  });

  const create = (name: string, more: object = {}) =>
    service.create({ name, cron: '0 3 * * *', workflow: WORKFLOW, ...more });
  const fireAll = async (process = processes[0]!) => {
    const due = process.get(DueSchedules);
    while ((await due.fire()) > 0);
  };
  const row = async (name: string) =>
    (await database.pool.query('SELECT * FROM schedules WHERE name = $1', [name])).rows[0];
  const setTime = (at: Date) =>
    database.pool.query('UPDATE schedules SET next_run_at = $1, due_at = $1', [at]);

  test('starts it whole, with its tag, and names it', async () => {
    await create('a');
    const at = await turnBack(database, 'a', 5);
    await fireAll();
    const [workflow, ...others] = await workflowsOf(database, 'a');
    expect(others).toEqual([]);
    expect(workflow).toMatchObject({
      name: 'nightly report',
      kind: 'workflow',
      tags: ['night', 'schedule:a'],
      created_by: 'schedule:a',
      jobs: 2,
      open: 2,
      on_finished: { type: 'echo', tags: ['schedule:a'], created_by: 'schedule:a' },
    });
    const [fetch, tell] = await jobsOf(database, 'a');
    expect(fetch).toMatchObject({
      workflow_id: workflow!.id,
      workflow_ref: 'fetch',
      queue: 'reports',
      status: 'PENDING',
      payload: { workflow: workflow!.id },
      tags: ['schedule:a'],
      created_by: 'schedule:a',
    });
    expect(tell).toMatchObject({
      workflow_ref: 'tell',
      status: 'BLOCKED',
      payload: { of: fetch!.id },
      tags: ['x', 'schedule:a'],
    });
    expect(await runsOf(database, 'a')).toMatchObject([
      { occurrence: at, workflow_id: workflow!.id, job_id: null, error: null, made_up: false },
    ]);
    expect(await row('a')).toMatchObject({
      last_run_at: at,
      last_workflow_id: workflow!.id,
      last_job_id: null,
      last_error: null,
    });
  });

  test('starts one for each occurrence, whoever takes part', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `s${at}`);
    for (const name of names) await create(name, { cron: '* * * * * *' });
    for (const name of names) await turnBack(database, name, 3);
    await Promise.all(processes.map(fireAll));
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*) FROM schedule_runs)::int AS runs,
              (SELECT count(DISTINCT workflow_id) FROM schedule_runs)::int AS told,
              (SELECT count(*) FROM workflows)::int AS workflows,
              (SELECT count(*) FROM jobs)::int AS jobs,
              (SELECT count(*) FROM job_dependencies)::int AS edges`,
    );
    const [{ runs }] = rows;
    expect(runs).toBeGreaterThanOrEqual(names.length * 3);
    expect(rows).toEqual([{ runs, told: runs, workflows: runs, jobs: 2 * runs, edges: runs }]);
    for (const name of names.slice(0, 5)) {
      const times = (await runsOf(database, name)).map(({ occurrence }) => occurrence.getTime());
      times.slice(1).forEach((time, index) => expect(time - times[index]!).toBe(1_000));
    }
  });

  test('starts none again for an occurrence, even where nobody remembers it', async () => {
    await create('a', { cron: '0 0 1 1 *' });
    const at = await turnBack(database, 'a', 5);
    await fireAll();
    await setTime(at);
    await fireAll();
    const [run] = await runsOf(database, 'a');
    await database.pool.query('DELETE FROM schedule_runs');
    await setTime(at);
    await fireAll();
    expect(await runsOf(database, 'a')).toMatchObject([{ workflow_id: run!.workflow_id }]);
    expect(await workflowsOf(database, 'a')).toHaveLength(1);
    expect(await jobsOf(database, 'a')).toHaveLength(2);
  });

  test('that was missed makes up for it with one', async () => {
    await create('a', { cron: '0 * * * * *', missed: 'once' });
    await database.pool.query(
      `UPDATE schedules SET next_run_at = date_trunc('minute', now()) - interval '1 hour', due_at = date_trunc('minute', now()) - interval '1 hour'`,
    );
    await fireAll();
    const runs = await runsOf(database, 'a');
    expect(runs.map(({ made_up }) => made_up)).toEqual(runs.map((_, index) => index === 0));
    const workflows = await workflowsOf(database, 'a');
    expect(workflows.map(({ id }) => id).sort()).toEqual(runs.map(({ workflow_id }) => workflow_id).sort());
  });

  test('and is refused in one of its jobs leaves nothing of it behind, says why and holds up nobody', async () => {
    const unique = { key: 'taken', while: 'unfinished' };
    const jobs = [
      { ref: 'first', payload: {} },
      { ref: 'second', payload: {}, unique },
    ] as const;
    await create('conflict', { workflow: { jobs } });
    await create('misfit');
    await create('fine');
    await create('job', { workflow: undefined, job: JOB });
    await service.run('conflict', undefined);
    await database.pool.query(
      `UPDATE schedules SET target = '{"jobs": [{"ref": "a", "type": "fetch_elsewhere", "payload": {}}]}', job_types = NULL WHERE name = 'misfit'`,
    );
    for (const name of ['conflict', 'misfit', 'fine', 'job']) await turnBack(database, name, 3);
    await fireAll();

    expect(await workflowsOf(database, 'fine')).toHaveLength(1);
    expect(await jobsOf(database, 'job')).toHaveLength(1);
    expect(await workflowsOf(database, 'conflict')).toHaveLength(1);
    expect(await jobsOf(database, 'conflict')).toHaveLength(2);
    for (const [name, message] of [
      ['conflict', /unique key/],
      ['misfit', /There is no job type "fetch_elsewhere"/],
    ] as const) {
      const after = await row(name);
      expect(after.last_error).toMatch(message);
      expect(after.next_run_at.getTime()).toBeGreaterThan(Date.now());
      expect(await runsOf(database, name)).toMatchObject([
        { job_id: null, workflow_id: null, error: after.last_error },
      ]);
    }
  });

  test('and waits for what somebody holds is tried again, and holds up nobody', async () => {
    const jobs = [
      { ref: 'free', payload: {} },
      { ref: 'bound', payload: {}, lock: 'held' },
    ];
    await create('locked', { workflow: { jobs } });
    await create('fine');
    await service.run('locked', undefined);
    const holder = await database.pool.connect();
    await holder.query('BEGIN; SELECT * FROM job_locks FOR UPDATE');
    for (const name of ['locked', 'fine']) await turnBack(database, name, 3);
    await fireAll();
    expect(await workflowsOf(database, 'fine')).toHaveLength(1);
    expect(await runsOf(database, 'locked')).toEqual([]);
    expect(await jobsOf(database, 'locked')).toHaveLength(2);
    await holder.query('ROLLBACK');
    holder.release();
    await eventually(async () => {
      await fireAll();
      return (await runsOf(database, 'locked')).length === 1;
    });
    expect(await workflowsOf(database, 'locked')).toHaveLength(2);
  });

  test('is fired later, and once, when its worker loses the database in the middle of it', async () => {
    await create('a');
    await turnBack(database, 'a', 1);
    const holder = await database.pool.connect();
    await holder.query('BEGIN; LOCK TABLE schedule_runs IN SHARE MODE');
    // The workflow is stored, and what came of the occurrence is being written.
    let isLost = false;
    const fired = processes[0]!.get(DueSchedules).fire();
    const lost = expect(fired).rejects.toThrow();
    void lost.then(() => (isLost = true));
    await eventually(
      async () =>
        isLost ||
        (
          await database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name LIKE 'roundhouse%' AND wait_event_type = 'Lock'`,
          )
        ).rowCount,
    );
    await lost;
    await holder.query('ROLLBACK');
    holder.release();
    expect(await workflowsOf(database, 'a')).toEqual([]);
    expect(await jobsOf(database, 'a')).toEqual([]);
    await eventually(async () => {
      await fireAll(processes[1]);
      return (await workflowsOf(database, 'a')).length === 1;
    });
    expect(await jobsOf(database, 'a')).toHaveLength(2);
  });

  test('is left for a while to a worker that knows the types of all its jobs', async () => {
    await create('a');
    expect((await row('a')).job_types).toEqual(['echo']);
    await database.pool.query(`UPDATE schedules SET job_types = '{echo,of_a_newer_build}'`);
    await turnBack(database, 'a', 1);
    expect(await processes[0]!.get(DueSchedules).fire()).toBe(0);
    expect(await processes[0]!.get(DueSchedules).nextDue()).toBeNull();
    processes[1]!
      .get(JobTypes)
      .add({ ...processes[1]!.get(JobTypes).get('echo'), type: 'of_a_newer_build', aliases: [] });
    expect(await processes[1]!.get(DueSchedules).fire()).toBe(1);
    expect(await workflowsOf(database, 'a')).toHaveLength(1);
  });

  test('and turns from a job into a workflow and back keeps its occurrence, and fires once for each', async () => {
    await create('a', { workflow: undefined, job: JOB });
    expect(await row('a')).toMatchObject({ job_type: 'echo', job_types: null });
    const first = await turnBack(database, 'a', 4);
    await service.edit('a', { workflow: WORKFLOW }, '*');
    expect(await row('a')).toMatchObject({ next_run_at: first, job_type: null, job_types: ['echo'] });
    await fireAll();
    const [workflow] = await workflowsOf(database, 'a');
    expect(await jobsOf(database, 'a')).toMatchObject([{ workflow_ref: 'fetch' }, { workflow_ref: 'tell' }]);

    const second = await turnBack(database, 'a', 2);
    await service.edit('a', { missed: 'once' }, '*');
    await service.edit('a', { job: JOB }, '*');
    expect(await row('a')).toMatchObject({ next_run_at: second, job_type: 'echo', job_types: null });
    await fireAll();
    const [job] = (await jobsOf(database, 'a')).filter(({ workflow_id }) => workflow_id === null);
    expect(await runsOf(database, 'a')).toMatchObject([
      { occurrence: first, workflow_id: workflow!.id, job_id: null },
      { occurrence: second, workflow_id: null, job_id: job!.id },
    ]);
    expect(await row('a')).toMatchObject({ last_job_id: job!.id, last_workflow_id: null });
    expect(await workflowsOf(database, 'a')).toHaveLength(1);
  });
});
