import { Postgres } from '../../src/database/index.js';
import { toJobFilter } from '../../src/jobs/list/job-filter.js';
import { ListJobsQuery } from '../../src/jobs/list/list-jobs.query.js';
import { selectStretch } from '../../src/jobs/list/list.sql.js';
import type { ListJobsRequest } from '../../src/jobs/list-jobs.dto.js';
import { type Job, Redactions } from '../../src/queue/index.js';
import { SOON_MS } from '../support/eventually.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const JOBS = 30_000;

describe('a list of many jobs', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('job list');
    await fixture.rows(`
      INSERT INTO jobs (id, type, queue, status, payload, tags, lock, created_at)
      SELECT (lpad(to_hex(1790000000000 + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, 'task', 'default',
             (CASE WHEN n < 100 THEN 'FAILED' ELSE 'COMPLETED' END)::job_status, jsonb_build_object('n', n, 'text', repeat('x', 500)),
             CASE WHEN n % 10000 = 7 THEN '{rare}'::text[] ELSE '{}' END, CASE WHEN n < 5 THEN 'cold' ELSE 'hot' END, now()
      FROM generate_series(1, ${JOBS}) n`);
    await fixture.rows('ANALYZE jobs');
  });
  afterAll(() => fixture?.stop());

  const listsWithin = (ms: number) => new ListJobsQuery(fixture.get(Postgres), fixture.get(Redactions), ms);
  const numbers = (jobs: readonly Job[]) => jobs.map((job) => job.payload.n);

  test.each<[ListJobsRequest, string]>([
    [{}, 'PK_jobs'],
    [{ status: 'FAILED' }, 'IDX_jobs_kind'],
    [{ status: 'PROCESSING', type: 'task' }, 'IDX_jobs_running'],
    [{ type: 'task' }, 'IDX_jobs_kind'],
    [{ queue: 'default' }, 'IDX_jobs_kind'],
    [{ lock: 'cold' }, 'IDX_jobs_lock'],
    [{ lock: 'hot', status: 'FAILED', type: 'task' }, 'IDX_jobs_lock'],
    [{ status: 'FAILED', type: 'task' }, 'IDX_jobs_kind'],
    [{ status: 'COMPLETED', type: 'task' }, 'IDX_jobs_kind'],
    [{ tag: 'rare' }, 'PK_jobs'],
    [{ tag: 'rare', status: 'COMPLETED' }, 'IDX_jobs_kind'],
    [
      { created_after: '2026-09-01T00:00:00Z', created_before: '2026-12-01T00:00:00Z', queue: 'default' },
      'IDX_jobs_kind',
    ],
  ])('is walked along one index, whatever it is about: %j', async (request, index) => {
    for (const before of [undefined, '01a0c450-6c01-7000-8000-000000000001']) {
      const { text, values } = selectStretch(toJobFilter(request), { before, length: 51, most: 51 });
      const { rows } = await fixture.get(Postgres).query<any>(`EXPLAIN ${text}`, values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(new RegExp(`Index (Only )?Scan (Backward )?using "${index}" on jobs`));
      expect(plan).not.toContain('Seq Scan on jobs');
    }
  });

  test('by tag or content takes its time and no more, and goes on where it was', async () => {
    const lists = listsWithin(20);
    for (const request of [
      { tag: 'rare' },
      { q: 'payload.text:nothing' },
      { q: 'payload.n:7', queue: 'default' },
    ]) {
      const found: unknown[] = [];
      let pages = 0;
      for (let cursor: string | null | undefined; cursor !== null; pages++) {
        const startedAt = performance.now();
        const page = await lists.page({ ...request, ...(cursor ? { cursor } : {}) });
        expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
        expect(page.incomplete).toBe(page.nextCursor !== null);
        found.push(...numbers(page.jobs));
        cursor = page.nextCursor;
      }
      expect(pages).toBeGreaterThan(1);
      expect(found).toEqual('tag' in request ? [20_007, 10_007, 7] : 'queue' in request ? [7] : []);
    }
  });

  test('is complete when there is time', async () => {
    const { jobs, nextCursor, incomplete } = await listsWithin(20_000).page({ tag: 'rare' });
    expect([numbers(jobs), nextCursor, incomplete]).toEqual([[20_007, 10_007, 7], null, false]);
    const two = await listsWithin(20_000).page({ tag: 'rare', limit: 2 });
    expect([numbers(two.jobs), two.incomplete]).toEqual([[20_007, 10_007], false]);
    const rest = await listsWithin(20_000).page({ tag: 'rare', limit: 2, cursor: two.nextCursor! });
    expect([numbers(rest.jobs), rest.nextCursor, rest.incomplete]).toEqual([[7], null, false]);
  });

  test('whose time is over before it began gives a cursor of the beginning', async () => {
    const { jobs, nextCursor, incomplete } = await listsWithin(0).page({ tag: 'rare' });
    expect([jobs, incomplete]).toEqual([[], true]);
    const first = await listsWithin(20_000).page({ limit: 1, cursor: nextCursor! });
    expect(numbers(first.jobs)).toEqual([JOBS]);
  });

  test('that is kept waiting by others answers in time all the same', async () => {
    const lists = listsWithin(300);
    const blocker = await fixture.database.pool.connect();
    try {
      await blocker.query('BEGIN; LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE');
      const startedAt = performance.now();
      const pages = await Promise.all(Array.from({ length: 6 }, () => lists.page({ tag: 'rare' })));
      expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
      expect(pages.every(({ incomplete, jobs }) => incomplete && jobs.length === 0)).toBe(true);
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    expect(numbers((await listsWithin(20_000).page({ tag: 'rare' })).jobs)).toHaveLength(3);
  });
});
