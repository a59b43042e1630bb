import { byHand } from '../support/by-hand.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const LATER = new Date('2099-01-01');

describe('the pace of a bulk operation', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('bulk pace', { program: FIXTURE_APP });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs; DELETE FROM bulk_operations'));
  afterAll(() => app?.stop());

  const start = async (perSecond: number): Promise<string> => {
    const request = { action: 'cancel', filter: { type: 'echo' }, per_second: perSecond };
    return (await app.client.post('/bulk-operations', request)).body.operation_id;
  };
  const read = async (id: string): Promise<Record<string, any>> =>
    (await app.client.get(`/bulk-operations/${id}`)).body;
  const ended = (id: string) =>
    eventually(async () => {
      const operation = await read(id);
      return operation.finished_at === null ? undefined : operation;
    });
  /** When each job was cancelled, in ms, the first one first. */
  const times = async (): Promise<number[]> => {
    const { rows } = await app.database.pool.query(
      `SELECT at FROM job_events WHERE event = 'cancelled' ORDER BY at`,
    );
    return rows.map((row) => row.at.getTime());
  };
  /** The most that happened within so many milliseconds, wherever they start. */
  const mostWithin = (ms: number, moments: readonly number[]) =>
    Math.max(...moments.map((start, index) => moments.slice(index).filter((at) => at < start + ms).length));

  test.each([
    [7, 30],
    [50, 250],
    [333, 1_500],
  ])('of %d a second is never above in any second, and hardly below', async (perSecond, jobs) => {
    await insertFailedJobs(app.database.pool, jobs, { status: 'PENDING', scheduledAt: LATER });
    const operation = await ended(await start(perSecond));
    expect(operation).toMatchObject({ state: 'completed', done: jobs });
    const moments = await times();
    expect(moments).toHaveLength(jobs);
    expect(mostWithin(1_000, moments)).toBeLessThanOrEqual(perSecond);
    const seconds = (moments.at(-1)! - moments[0]!) / 1_000;
    expect(jobs / seconds).toBeGreaterThan(perSecond * 0.6);
  });

  test('lets an operation tell when it will be done', async () => {
    await insertFailedJobs(app.database.pool, 400, { status: 'PENDING', scheduledAt: LATER });
    const id = await start(100);
    const half = await eventually(async () => {
      const operation = await read(id);
      return operation.done >= 150 ? operation : undefined;
    });
    expect(half).toMatchObject({ state: 'running', matched: 400 });
    expect(half.rate).toBeGreaterThan(50);
    // A job or two may have been changed since the operation last told how far it is.
    const seconds = ((await times())[half.done - 1]! - Date.parse(half.started_at)) / 1_000;
    const told = half.rate / (half.done / seconds);
    expect(told).toBeGreaterThan(0.9);
    expect(told).toBeLessThan(1.1);
    const { finished_at: end } = await ended(id);
    expect(Math.abs(Date.parse(half.eta) - Date.parse(end))).toBeLessThan(SOON_MS);
  });

  test('does not keep an operation from being aborted within about a second', async () => {
    await insertFailedJobs(app.database.pool, 3_000, { status: 'PENDING', scheduledAt: LATER });
    for (const perSecond of [200, 0.05]) {
      const id = await start(perSecond);
      await eventually(async () => (await read(id)).done > 0);
      const asked = performance.now();
      const { status, body } = await app.client.post(`/bulk-operations/${id}/abort`);
      expect([status, body.operation_id]).toEqual([202, id]);
      const operation = await eventually(async () => {
        const present = await read(id);
        return present.state === 'aborted' ? present : undefined;
      });
      expect(performance.now() - asked).toBeLessThan(SOON_MS);
      const { rows } = await app.database.pool.query(
        `SELECT count(*)::int AS events FROM job_events WHERE actor = $1 AND event = 'cancelled'`,
        [`anonymous (bulk operation ${id})`],
      );
      expect(rows).toEqual([{ events: operation.done }]);
      expect(operation).toMatchObject({ abort_requested: true, eta: null, error_message: null });
      expect(operation.done).toBeLessThan(3_000);
      expect(operation.finished_at).not.toBeNull();
      expect((await app.client.get(`/jobs/${id}`)).body.status).toBe('CANCELLED');
      const again = await app.client.post(`/bulk-operations/${id}/abort`);
      expect([again.status, again.body.code, again.body.state]).toEqual([
        409,
        'bulk_operation_finished',
        'aborted',
      ]);
    }
  });
});
