import { selectNext } from '../../src/bulk-operations/selection.sql.js';
import { Postgres } from '../../src/database/index.js';
import { ListJobsQuery } from '../../src/jobs/list/list-jobs.query.js';
import type { ListJobsRequest } from '../../src/jobs/list-jobs.dto.js';
import { JOB_STATUSES, JobCounts, type JobStatus, Redactions } from '../../src/queue/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const QUEUES = ['default', 'mails', 'x'] as const;
const TYPES = ['task', 'mail'] as const;
const JOBS = 400;
const BEGINNING = Date.parse('2026-09-01T00:00:00Z');
const time = (minute: number) => new Date(BEGINNING + minute * 60_000).toISOString();

/** Each of them, or none. */
const orNone = <Value>(values: readonly Value[]) => [undefined, ...values];

describe('jobs of all kinds', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('kinds of jobs');
    await fixture.rows(
      `INSERT INTO jobs (id, type, queue, status, payload, tags, created_at, worker_id)
       SELECT (lpad(to_hex(${BEGINNING} + n * 60000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
              ($1::text[])[1 + n / 7 % 2], ($2::text[])[1 + n % 3], ($3::job_status[])[1 + n * n % 17 % 6], '{}',
              CASE WHEN n % 5 = 0 THEN '{odd}'::text[] ELSE '{}' END,
              to_timestamp(${BEGINNING / 1000} + n * 60), gen_random_uuid()
       FROM generate_series(1, ${JOBS}) n`,
      [TYPES, QUEUES, JOB_STATUSES],
    );
  });
  afterAll(() => fixture?.stop());

  /** As plainly as can be. */
  const idsWhere = async (conditions: Record<string, unknown>, order: 'ASC' | 'DESC') => {
    const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
    const where = given.map(([condition], index) => condition.replace('?', `$${index + 1}`)).join(' AND ');
    const rows = await fixture.rows(
      `SELECT id FROM jobs WHERE ${where || 'true'} ORDER BY id ${order}`,
      given.map(([, value]) => value),
    );
    return rows.map(({ id }) => id);
  };

  test.each([undefined, 'odd'])('are listed whole and in order, page by page, of tag %s', async (tag) => {
    const list = new ListJobsQuery(fixture.get(Postgres), fixture.get(Redactions), 20_000);
    let found = 0;
    for (const status of orNone(JOB_STATUSES)) {
      for (const queue of orNone([...QUEUES, 'nowhere'])) {
        for (const type of orNone(TYPES)) {
          for (const [after, before] of [[], [120, 300]]) {
            const request = {
              ...{ status, queue, type, tag },
              created_after: after && time(after),
              created_before: before && time(before),
            };
            const expected = await idsWhere(
              {
                ...{ 'status = ?': status, 'queue = ?': queue, 'type = ?': type, '? = ANY(tags)': tag },
                'created_at >= ?': request.created_after,
                'created_at < ?': request.created_before,
              },
              'DESC',
            );
            const ids: string[] = [];
            for (let cursor: string | null | undefined; cursor !== null;) {
              const page = await list.page({
                ...request,
                limit: 50,
                ...(cursor ? { cursor } : {}),
              } as ListJobsRequest);
              ids.push(...page.jobs.map(({ id }) => id));
              cursor = page.nextCursor;
            }
            expect([request, ids]).toEqual([request, expected]);
            found += ids.length;
          }
        }
      }
    }
    expect(found).toBeGreaterThan(JOBS);
  });

  test('are selected for operations whole and in order', async () => {
    let found = 0;
    for (const status of [...JOB_STATUSES.map((one) => [one]), [...JOB_STATUSES]] as JobStatus[][]) {
      for (const queue of orNone(QUEUES)) {
        for (const type of orNone(TYPES)) {
          for (const [after, until] of [[], [120, 300]]) {
            const acceptedUntil = until ? { acceptedUntil: new Date(time(until)) } : {};
            const filter = {
              status,
              ...(queue && { queue }),
              ...(type && { type }),
              ...(after && { created_after: time(after) }),
            };
            const expected = await idsWhere(
              {
                'status = ANY(?::job_status[])': status,
                ...{ 'queue = ?': queue, 'type = ?': type },
                'created_at >= ?': after && time(after),
                'created_at <= ?': until && time(until),
              },
              'ASC',
            );
            const ids: string[] = [];
            for (let last: string | null = null, length = 30; length === 30;) {
              const next = selectNext({ action: 'discard', filter, ...acceptedUntil }, last, 30);
              const { rows } = await fixture.get(Postgres).query<{ id: string }>(next.text, next.values);
              ids.push(...rows.map(({ id }) => id));
              last = ids.at(-1) ?? null;
              length = rows.length;
            }
            expect([filter, ids]).toEqual([filter, expected]);
            found += ids.length;
          }
        }
      }
    }
    expect(found).toBeGreaterThan(JOBS);
  });

  test('are found before and after what has changed is added up', async () => {
    const list = new ListJobsQuery(fixture.get(Postgres), fixture.get(Redactions), 20_000);
    const count = async () => (await list.page({ queue: 'x', status: 'failed', limit: 200 })).jobs.length;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    await fixture.get(JobCounts).addUp();
    expect(await count()).toBe(before);
  });
});
