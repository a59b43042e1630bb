import { Postgres, type Session } from '../../src/database/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';
import { BROKEN, DONE, clear, expectNothingToMend } from '../support/workflows.js';

const CHILDREN = 2_500;

/** Rows that a statement may lock or write: with so many it keeps within its time on any machine. */
const MOST_AT_ONCE = 1_000;

describe('a job for which thousands wait', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('fan out');
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(() => fixture?.stop());

  /** The statements of transactions from now on that lock or write more rows than that. */
  const largeStatements = (): string[] => {
    const postgres = fixture.get(Postgres);
    const large: string[] = [];
    const noting = (session: Session): Session => ({
      query: async (text, values) => {
        const result = await session.query<never>(text, values);
        const isHeavy = /\b(INSERT|UPDATE|DELETE)\b/i.test(text) && (result.rowCount ?? 0) > MOST_AT_ONCE;
        if (isHeavy) large.push(text);
        return result;
      },
    });
    postgres.transaction = (work) =>
      Postgres.prototype.transaction.call(postgres, (session: Session) => work(noting(session))) as never;
    return large;
  };
  afterEach(() => Reflect.deleteProperty(fixture.get(Postgres), 'transaction'));

  const statuses = async () =>
    (
      await fixture.rows('SELECT status, count(*)::int AS count FROM jobs GROUP BY status ORDER BY count')
    ).map(({ status, count }) => `${count} ${status}`);

  test('ends, runs again with all of them, and lets all of them go, in statements that take no longer than they may', async () => {
    const parent = await fixture.started();
    const child = { type: 'task', payload: {}, dependsOn: [parent.id] };
    await fixture.queue.enqueue(Array.from({ length: CHILDREN }, () => child));
    const large = largeStatements();

    await fixture.settle(parent, BROKEN);
    expect(await statuses()).toEqual(['1 FAILED', `${CHILDREN} CANCELLED`]);

    expect(await fixture.queue.retry([parent.id], 'ann')).toMatchObject([{ result: 'done' }]);
    expect(await statuses()).toEqual(['1 PENDING', `${CHILDREN} BLOCKED`]);

    const [again] = await fixture.claim(1);
    await fixture.settle(again!, DONE);
    expect(await statuses()).toEqual(['1 COMPLETED', `${CHILDREN} PENDING`]);
    expect(large).toEqual([]);
  });
});
