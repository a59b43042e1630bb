import { Postgres, type Transaction } from '../../src/database/index.js';
import { JobResultsQuery, WorkflowControl } from '../../src/queue/index.js';
import { SELECT_HEARD_ENDS } from '../../src/queue/settle/webhook-events.sql.js';
import { type TestQueue, startQueue } from '../support/queue.js';
import { BROKEN, DONE, FINISHER, clear, expectNothingToMend, start } from '../support/workflows.js';

const CHILDREN = 2_500;

const PARENTS = 100;

/** Rows that a statement may lock or write: with so many it keeps within its time on any machine. */
const MOST_AT_ONCE = 1_000;

describe('a job that many depend on, or that depends on many,', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('fan out');
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(() => fixture?.stop());

  /** The statements of transactions from now on that lock or write more rows than that, or read what is to be told. */
  const largeStatements = (): string[] => {
    const postgres = fixture.get(Postgres);
    const large: string[] = [];
    const noting = (session: Transaction): Transaction => ({
      ...session,
      query: async (text, values) => {
        const result = await session.query<never>(text, values);
        const isHeavy = /\b(INSERT|UPDATE|DELETE)\b/i.test(text) || text === SELECT_HEARD_ENDS;
        if (isHeavy && (result.rowCount ?? 0) > MOST_AT_ONCE) large.push(text);
        return result;
      },
    });
    postgres.transaction = (work) =>
      Postgres.prototype.transaction.call(postgres, (session: Transaction) => work(noting(session))) as never;
    return large;
  };
  afterEach(async () => {
    Reflect.deleteProperty(fixture.get(Postgres), 'transaction');
    await fixture.rows('TRUNCATE webhooks, webhook_deliveries');
  });

  const statuses = async () =>
    (
      await fixture.rows(
        `SELECT status, count(*)::int AS count FROM jobs WHERE type = 'task' GROUP BY status ORDER BY count`,
      )
    ).map(({ status, count }) => `${count} ${status}`);

  test('ends, runs again with all of them, and lets all of them go, in statements that take no longer than they may', async () => {
    const parent = await fixture.started();
    const child = { type: 'task', payload: {}, dependsOn: [parent.id] };
    await fixture.queue.enqueue(Array.from({ length: CHILDREN }, () => child));
    await fixture.rows(
      `INSERT INTO webhooks (id, url, events, secret) VALUES ($1, 'https://hooks.example/', '{job.cancelled}', 'sealed')`,
      [parent.id],
    );
    const large = largeStatements();

    await fixture.settle(parent, BROKEN);
    expect(await statuses()).toEqual(['1 FAILED', `${CHILDREN} CANCELLED`]);
    expect(await fixture.rows('SELECT 1 FROM webhook_deliveries')).toHaveLength(CHILDREN);

    expect(await fixture.queue.retry([parent.id], 'ann')).toMatchObject([{ result: 'done' }]);
    expect(await statuses()).toEqual(['1 PENDING', `${CHILDREN} BLOCKED`]);

    const [again] = await fixture.claim(1);
    await fixture.settle(again!, DONE);
    expect(await statuses()).toEqual(['1 COMPLETED', `${CHILDREN} PENDING`]);
    expect(large).toEqual([]);
  });

  test('as thousands of one group do, is cancelled and runs again with them in such statements', async () => {
    const jobs = Array.from({ length: CHILDREN }, (_, n) => ({ ref: String(n), type: 'task', payload: {} }));
    const flow = await start(fixture, { jobs, kind: 'group', onFinished: FINISHER });
    const large = largeStatements();

    expect(await fixture.get(WorkflowControl).cancel(flow.id, 'ann')).toHaveLength(CHILDREN);
    expect(await flow.row()).toMatchObject({ open: 0, cancelled: CHILDREN });
    expect(await fixture.get(WorkflowControl).retry(flow.id, 'ann')).toHaveLength(CHILDREN);
    expect(await flow.row()).toMatchObject({ open: CHILDREN, cancelled: 0 });
    expect(large).toEqual([]);
  });

  test('gets the results of all of a hundred, in answers that are not endless', async () => {
    const parents = await fixture.queue.enqueue(
      Array.from({ length: PARENTS }, () => ({ type: 'task', payload: {} })),
    );
    const ids = parents.map(({ job }) => job.id);
    const child = await fixture.enqueue({ dependsOn: ids });
    const claims = await fixture.claim(PARENTS);
    await fixture.queue.settle(
      claims.map((claim) => ({ claim, outcome: { kind: 'completed', result: claim.id } })),
    );
    const postgres = fixture.get(Postgres);
    const answers: number[] = [];
    const query = postgres.query.bind(postgres);
    postgres.query = async (...asked) => {
      const answer = await query<never>(...asked);
      answers.push(answer.rows.length);
      return answer;
    };
    const told = await fixture.get(JobResultsQuery).parentsOf(child.id);
    Reflect.deleteProperty(postgres, 'query');
    expect(told.map(({ result }) => result)).toEqual(ids);
    expect(Math.max(...answers)).toBeLessThanOrEqual(50);
  });
});
