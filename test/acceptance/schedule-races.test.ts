import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorsIn } from '../support/product.js';
import { eventually } from '../support/eventually.js';
import { jobsOf, runsOf } from '../support/schedules.js';
import { type App, startApp } from '../support/start-app.js';

describe('schedules that many workers fire', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('schedule_races', { workers: 3 });
  });
  afterAll(() => app?.stop());

  test('become one job for each occurrence, and none is missing, while workers are killed', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      const schedule = { name, cron: '* * * * * *', job: { type: 'echo', payload: { name } } };
      expect((await app.client.post('/schedules', schedule)).status).toBe(201);
    }
    const reached = (count: number) =>
      eventually(async () => (await runsOf(app.database, 'one')).length >= count, 60_000);
    for (const [round, victim] of app.workers.slice(0, 3).entries()) {
      await reached((round + 1) * 4);
      await victim.stop('SIGKILL');
      if (round < 2) await app.addWorker();
    }
    await app.addWorker();
    await reached(18);
    for (const name of names) await app.client.post(`/schedules/${name}/pause`);

    for (const name of names) {
      const runs = await runsOf(app.database, name);
      const jobs = await jobsOf(app.database, name);
      expect(runs.map(({ error }) => error)).toEqual(runs.map(() => null));
      expect(new Set(runs.map(({ job_id }) => job_id)).size).toBe(runs.length);
      expect(jobs.map(({ id }) => id).sort()).toEqual(runs.map(({ job_id }) => job_id).sort());
      runs.slice(1).forEach(({ occurrence }, index) => {
        expect(occurrence.getTime() - runs[index]!.occurrence.getTime()).toBe(1_000);
      });
      for (const { id } of jobs) await app.jobWith('COMPLETED', id, 30_000);
    }
    for (const worker of app.workers) expect(errorsIn(worker.output())).toEqual([]);
  });

  test('fire at their time, also right after they were written', async () => {
    const schedule = { name: 'prompt', cron: '* * * * * *', job: { type: 'echo', payload: {} } };
    await app.client.post('/schedules', schedule);
    await eventually(async () => (await runsOf(app.database, 'prompt')).length >= 5);
    await app.client.post('/schedules/prompt/pause');
    const { rows } = await app.database.pool.query<{ ms: string }>(
      `SELECT extract(epoch FROM fired_at - occurrence) * 1000 AS ms FROM schedule_runs r
       JOIN schedules s ON s.id = r.schedule_id WHERE s.name = 'prompt' ORDER BY 1`,
    );
    const lateness = rows.map(({ ms }) => Number(ms));
    expect(lateness.every((ms) => ms >= 0)).toBe(true);
    // The backstop looks every 5 s: whoever is faster was told, or had set a timer.
    expect(lateness[Math.floor(lateness.length / 2)]).toBeLessThan(1_000);
  });

  test('show what came of its occurrences', async () => {
    const { body } = await app.client.get('/schedules/prompt');
    expect(body.runs.length).toBeGreaterThanOrEqual(5);
    expect(body.runs[0]).toEqual({
      occurrence: body.last_run_at,
      job_id: body.last_job_id,
      workflow_id: null,
      error: null,
      made_up: false,
      fired_at: expect.any(String),
    });
  });
});
