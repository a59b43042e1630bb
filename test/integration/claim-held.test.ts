import { hold } from '../support/pause.js';
import { type TestQueue, startQueue } from '../support/queue.js';

describe('a claim of jobs whose rows somebody else holds', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('claim held');
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterAll(() => fixture.stop());

  const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id).sort();

  test('takes all others without waiting for them, and they keep a place in line', async () => {
    const [first, ...others] = [await fixture.enqueue(), await fixture.enqueue(), await fixture.enqueue()];
    // As a caller does in whose long transaction a job was submitted that depends on this one.
    const stranger = await hold(fixture.database, 'SELECT 1 FROM jobs WHERE id = $1 FOR SHARE', [first.id]);
    const since = performance.now();
    expect(ids(await fixture.claim())).toEqual(ids(others));
    expect(performance.now() - since).toBeLessThan(2_500);
    expect(await fixture.claim()).toEqual([]);
    expect(await fixture.tickets()).toEqual([first.id]);
    await stranger.rollback();
    expect(ids(await fixture.claim())).toEqual([first.id]);
    expect(await fixture.tickets()).toEqual([]);
  });

  test('finds those behind more of them than it has slots', async () => {
    const held = [];
    for (let n = 0; n < 25; n++) held.push(await fixture.enqueue({ priority: 1 }));
    const free = [await fixture.enqueue(), await fixture.enqueue()];
    const stranger = await hold(fixture.database, 'SELECT 1 FROM jobs WHERE priority = 1 FOR UPDATE');
    expect(ids(await fixture.claim(10))).toEqual(ids(free));
    expect(await fixture.tickets()).toEqual(ids(held));
    await stranger.rollback();
    expect(ids(await fixture.claim(100))).toEqual(ids(held));
  });
});
