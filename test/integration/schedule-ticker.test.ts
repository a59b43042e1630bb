import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { JobTypes, QueueModule, QueueReadiness } from '../../src/queue/index.js';
import { stateOf } from '../../src/schedules/schedule.js';
import { SchedulesService } from '../../src/schedules/schedules.service.js';
import { SchedulesQuery } from '../../src/schedules/schedules.query.js';
import { TargetsModule } from '../../src/schedules/targets/targets.module.js';
import { DueSchedules } from '../../src/schedules/ticker/due-schedules.js';
import { TasksModule } from '../../src/tasks/index.js';
import { DELETE_OLD_SCHEDULE_RUNS } from '../../src/worker/housekeeping.sql.js';
import { HandlersModule } from '../../src/worker/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { jobsOf, runsOf, turnBack } from '../support/schedules.js';

const JOB = { type: 'echo', payload: { hello: 'world' } };

describe('a schedule that is due', () => {
  let database: TestDatabase;
  let processes: INestApplicationContext[];
  let service: SchedulesService;

  /** What of a process has to do with schedules. Its timers are the tests. */
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
    database = await createTestDatabase('schedule_ticker');
    processes = await Promise.all([1, 2, 3].map(startProcess));
    service = processes[0]!.get(SchedulesService);
  });
  afterEach(() => database.pool.query('TRUNCATE schedules, jobs, job_keys, job_locks, pgboss.job CASCADE'));
  afterAll(async () => {
    await Promise.all((processes ?? []).map((process) => process.close()));
    await database?.drop();
  });

  const create = (name: string, more: object = {}) =>
    service.create({ name, cron: '0 3 * * *', job: JOB, ...more });
  const fireAll = async (process = processes[0]!) => {
    const due = process.get(DueSchedules);
    while ((await due.fire()) > 0);
  };
  const row = async (name: string) =>
    (await database.pool.query('SELECT * FROM schedules WHERE name = $1', [name])).rows[0];

  test('becomes one job, and names the next time', async () => {
    await create('a', { job: { ...JOB, tags: ['x'], priority: 2 } });
    await fireAll();
    expect(await jobsOf(database, 'a')).toEqual([]);

    const at = await turnBack(database, 'a', 5);
    await fireAll();
    const [job, ...others] = await jobsOf(database, 'a');
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      type: 'echo',
      status: 'PENDING',
      priority: 2,
      payload: JOB.payload,
      tags: ['x', 'schedule:a'],
      created_by: 'schedule:a',
    });
    expect(await runsOf(database, 'a')).toMatchObject([
      { occurrence: at, job_id: job!.id, error: null, made_up: false },
    ]);
    const after = await row('a');
    expect(after).toMatchObject({ last_run_at: at, last_job_id: job!.id, last_error: null });
    expect(after.next_run_at.getTime()).toBeGreaterThan(Date.now());
  });

  test('becomes one job for each occurrence, whoever takes part', async () => {
    const names = Array.from({ length: 70 }, (_, at) => `s${at}`);
    for (const name of names) await create(name, { cron: '* * * * * *' });
    for (const name of names) await turnBack(database, name, 3);
    const before = Date.now();
    await Promise.all(processes.map(fireAll));
    const { rows } = await database.pool.query(
      'SELECT count(*)::int AS runs, count(DISTINCT job_id)::int AS jobs, min(occurrence) FROM schedule_runs',
    );
    const jobs = await database.pool.query('SELECT count(*)::int AS jobs FROM jobs');
    expect(rows[0].runs).toBeGreaterThanOrEqual(names.length * 3);
    expect([rows[0].jobs, jobs.rows[0].jobs]).toEqual([rows[0].runs, rows[0].runs]);
    for (const name of names.slice(0, 5)) {
      const times = (await runsOf(database, name)).map(({ occurrence }) => occurrence.getTime());
      times.slice(1).forEach((time, index) => expect(time - times[index]!).toBe(1_000));
      expect(times.at(-1)!).toBeGreaterThanOrEqual(Math.floor(before / 1_000) * 1_000 - 1_000);
    }
  });

  test('is not fired again for an occurrence that was, by whatever hand it was turned back', async () => {
    await create('a', { cron: '0 0 1 1 *' });
    const at = await turnBack(database, 'a', 5);
    await fireAll();
    await database.pool.query('UPDATE schedules SET next_run_at = $1, due_at = $1', [at]);
    await fireAll();
    expect(await jobsOf(database, 'a')).toHaveLength(1);
    expect((await row('a')).next_run_at.getTime()).toBeGreaterThan(Date.now());

    await database.pool.query('DELETE FROM schedule_runs');
    await database.pool.query('UPDATE schedules SET next_run_at = $1, due_at = $1', [at]);
    await fireAll();
    expect(await jobsOf(database, 'a')).toHaveLength(1);
  });

  test('that was missed is skipped, or made up for once', async () => {
    await create('skips', { cron: '0 * * * * *' });
    await create('makes-up', { cron: '0 * * * * *', missed: 'once' });
    const { rows } = await database.pool.query<{ now: Date }>('SELECT now()');
    const { now } = rows[0]!;
    await database.pool.query(
      `UPDATE schedules SET next_run_at = date_trunc('minute', now()) - interval '1 hour', due_at = date_trunc('minute', now()) - interval '1 hour'`,
    );
    await fireAll();
    const isFresh = ({ occurrence }: { occurrence: Date }) => occurrence.getTime() >= now.getTime() - 60_000;
    const skips = await runsOf(database, 'skips');
    expect(skips.length).toBeGreaterThan(0);
    expect(skips.every(isFresh)).toBe(true);
    const [madeUp, ...rest] = await runsOf(database, 'makes-up');
    expect(madeUp!.made_up).toBe(true);
    const lateness = now.getTime() - madeUp!.occurrence.getTime();
    expect(lateness).toBeGreaterThanOrEqual(59_000);
    expect(lateness).toBeLessThan(121_000);
    expect(rest.every((run) => isFresh(run) && !run.made_up)).toBe(true);
    // Its id tells when it was stored: lists that are filtered by time look there.
    const job = (await jobsOf(database, 'makes-up')).find(({ id }) => id === madeUp!.job_id)!;
    const told = parseInt(job.id.replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(told - job.created_at.getTime())).toBeLessThan(60_000);
  });

  test('that ends fires for the last time and says that it has ended', async () => {
    await create('a', { cron: undefined, rrule: 'FREQ=DAILY;COUNT=1' });
    const at = await turnBack(database, 'a', 9);
    const dtstart = at.toISOString().replace(/[-:]|\.\d+Z/g, '');
    await database.pool.query('UPDATE schedules SET dtstart = $1', [dtstart]);
    await fireAll();
    expect(await jobsOf(database, 'a')).toHaveLength(1);
    expect(await row('a')).toMatchObject({ next_run_at: null, due_at: null, last_run_at: at });
    expect(stateOf(await processes[0]!.get(SchedulesQuery).get('a'))).toBe('ended');
  });

  test('whose job is refused says why and goes on, and holds up nobody', async () => {
    const unique = { key: 'taken', while: 'unfinished', on_conflict: 'reject' };
    await create('conflict', { job: { ...JOB, unique } });
    await create('misfit', { job: { type: 'echo', payload: {} } });
    await create('fine');
    await service.run('conflict', undefined);
    await database.pool.query(
      `UPDATE schedules SET target = '{"type": "fetch_elsewhere", "payload": {}}', job_type = NULL WHERE name = 'misfit'`,
    );
    for (const name of ['conflict', 'misfit', 'fine']) await turnBack(database, name, 3);
    await fireAll();

    expect(await jobsOf(database, 'fine')).toHaveLength(1);
    expect(await jobsOf(database, 'conflict')).toHaveLength(1);
    for (const [name, message] of [
      ['conflict', /unique key/],
      ['misfit', /There is no job type "fetch_elsewhere"/],
    ] as const) {
      const after = await row(name);
      expect(after.last_error).toMatch(message);
      expect(after.next_run_at.getTime()).toBeGreaterThan(Date.now());
      expect(await runsOf(database, name)).toMatchObject([{ job_id: null, error: after.last_error }]);
    }
  });

  test('whose job waits for what somebody holds is tried again, and holds up nobody', async () => {
    await create('locked', { job: { ...JOB, lock: 'held' } });
    await create('fine');
    await processes[0]!.get(SchedulesService).run('locked', undefined);
    const holder = await database.pool.connect();
    await holder.query('BEGIN; SELECT * FROM job_locks FOR UPDATE');
    for (const name of ['locked', 'fine']) await turnBack(database, name, 3);
    await fireAll();
    expect(await jobsOf(database, 'fine')).toHaveLength(1);
    expect(await runsOf(database, 'locked')).toEqual([]);
    // As if it had been held for a quarter of an hour.
    await database.pool.query(
      `UPDATE schedules SET next_run_at = next_run_at - interval '15 minutes' WHERE name = 'locked'`,
    );
    await holder.query('ROLLBACK');
    holder.release();
    await eventually(async () => {
      await fireAll();
      return (await runsOf(database, 'locked')).length === 1;
    });
  });

  test('whose times nobody can read, as a hand wrote them, holds up nobody', async () => {
    await create('broken');
    await create('fine');
    await database.pool.query(`UPDATE schedules SET cron = 'nonsense' WHERE name = 'broken'`);
    for (const name of ['broken', 'fine']) await turnBack(database, name, 3);
    await fireAll();
    expect(await jobsOf(database, 'fine')).toHaveLength(1);
    const { next_run_at, due_at, last_error } = await row('broken');
    expect(last_error).toMatch(/^Its times cannot be read: .*tried again every minute$/);
    expect(due_at - next_run_at).toBeGreaterThan(30_000);
    await service.edit('broken', { cron: '0 3 * * *' }, '*');
    await turnBack(database, 'broken', 1);
    await fireAll();
    expect(await jobsOf(database, 'broken')).toHaveLength(1);
    expect((await row('broken')).last_error).toBeNull();
  });

  test('is fired later, and once, when its worker loses the database in the middle of it', async () => {
    await create('a');
    await turnBack(database, 'a', 1);
    const holder = await database.pool.connect();
    await holder.query('BEGIN; LOCK TABLE schedule_runs IN SHARE MODE');
    // The job is enqueued, and what came of the occurrence is being written.
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
    expect(await jobsOf(database, 'a')).toEqual([]);
    await eventually(async () => {
      await fireAll(processes[1]);
      return (await jobsOf(database, 'a')).length === 1;
    });
  });

  test('keeps what came of its newest occurrences', async () => {
    await create('a');
    await create('b');
    const { id } = await row('a');
    await database.pool.query(
      `INSERT INTO schedule_runs SELECT $1, to_timestamp(n), gen_random_uuid(), NULL, false, now() FROM generate_series(1, 150) n`,
      [id],
    );
    await database.pool.query(DELETE_OLD_SCHEDULE_RUNS);
    const runs = await runsOf(database, 'a');
    expect([runs.length, runs[0]!.occurrence]).toEqual([100, new Date(51_000)]);
  });

  test('is left for a while to a worker that knows the type of its job', async () => {
    await create('a');
    await database.pool.query(`UPDATE schedules SET job_type = 'of_a_newer_build'`);
    await turnBack(database, 'a', 1);
    expect(await processes[0]!.get(DueSchedules).fire()).toBe(0);
    expect(await processes[0]!.get(DueSchedules).nextDue()).toBeNull();
    processes[1]!
      .get(JobTypes)
      .add({ ...processes[1]!.get(JobTypes).get('echo'), type: 'of_a_newer_build', aliases: [] });
    expect(await processes[1]!.get(DueSchedules).fire()).toBe(1);
    expect(await runsOf(database, 'a')).toHaveLength(1);
  });

  test('and is edited keeps its occurrence when its times stay, and never fires twice for one', async () => {
    await create('a');
    const at = await turnBack(database, 'a', 3);
    await service.edit('a', { job: { type: 'echo', payload: { other: true } } }, '*');
    expect((await row('a')).next_run_at).toEqual(at);
    await fireAll();
    expect(await jobsOf(database, 'a')).toMatchObject([{ payload: { other: true } }]);

    await turnBack(database, 'a', 1);
    await service.edit('a', { cron: '0 4 * * *' }, '*');
    expect((await row('a')).next_run_at.getTime()).toBeGreaterThan(Date.now());
    await fireAll();
    expect(await jobsOf(database, 'a')).toHaveLength(1);
  });

  test('and takes the name of one that was deleted has nothing to do with it', async () => {
    await create('a');
    const at = await turnBack(database, 'a', 3);
    await fireAll();
    await service.delete('a');
    await create('a');
    expect(await runsOf(database, 'a')).toEqual([]);
    await database.pool.query('UPDATE schedules SET next_run_at = $1, due_at = $1', [at]);
    await fireAll();
    expect(await jobsOf(database, 'a')).toHaveLength(2);
  });
});
