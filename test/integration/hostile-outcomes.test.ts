import { DatabaseClock } from '../../src/common/index.js';
import type { ClaimedJob } from '../../src/queue/index.js';
import { outcomeOfError } from '../../src/worker/error-verdict.js';
import { RunningAttempt } from '../../src/worker/running-attempt.js';
import { HOSTILE_ERRORS, HOSTILE_RESULTS } from '../support/fixture-app/hostile-values.js';
import { matching } from '../support/hostile.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const clock = new DatabaseClock();

describe('whatever a handler does, its job ends as it ended', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('hostile outcomes');
  });
  afterAll(() => fixture?.stop());

  /** Lets a handler do this and settles its attempt, as a worker does. */
  async function settled(handler: () => unknown): Promise<{ job: ClaimedJob; row: Record<string, any> }> {
    const job = await fixture.started({ maxAttempts: 1 });
    const attempt = new RunningAttempt(job, 60, (error) => outcomeOfError(error, {}, Date.now()), clock);
    const { outcome } = await attempt.outcomeOf(async () => handler());
    expect(await fixture.settle(job, outcome)).toMatchObject({ written: [{ id: job.id }], refused: [] });
    return { job, row: await fixture.row(job.id) };
  }

  test.each(Object.entries(HOSTILE_RESULTS))('it returns %s: COMPLETED', async (_, { make, kept }) => {
    const { job, row } = await settled(make);
    expect(row).toMatchObject({ status: 'COMPLETED', error_message: null, attempts: 1 });
    expect(row.result).toEqual(matching(kept));
    expect(await fixture.ledger(job.id)).toEqual(['started 1', 'completed 1']);
  });

  test.each(Object.entries(HOSTILE_ERRORS))('it throws %s: FAILED', async (_, { make, kept }) => {
    const { job, row } = await settled(() => {
      throw make();
    });
    expect(row).toMatchObject({ status: 'FAILED', result: null, attempts: 1 });
    expect(row.error_message).toEqual(matching(kept.message));
    expect(row.last_error).toMatchObject(matching(kept) as object);
    const allowed = ['name', 'message', 'stack', 'code', 'cause'];
    expect(Object.keys(row.last_error).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(row.last_error))).toBeLessThan(18 * 1024);
    expect(JSON.stringify(row)).not.toContain('CANARY-IN-ERRORS');
    expect(await fixture.ledger(job.id)).toEqual(['started 1', 'failed 1']);
  });

  test('it changes what it has returned while that is being written: what it returned is kept', async () => {
    const job = await fixture.started();
    const result: Record<string, unknown> = { first: true };
    const written = fixture.settle(job, { kind: 'completed', result });
    result.self = result;
    await written;
    expect(await fixture.row(job.id)).toMatchObject({ status: 'COMPLETED', result: { first: true } });
  });

  test('hostile results beside others spoil none of them', async () => {
    const makers = Object.values(HOSTILE_RESULTS).filter(({ kept }) => !JSON.stringify(kept)?.includes('MB'));
    await fixture.queue.enqueue(makers.map(() => ({ type: 'task', payload: {} })));
    const jobs = await fixture.claim(makers.length);
    const outcomes = await Promise.all(
      jobs.map(async (claim, index) => {
        const attempt = new RunningAttempt(
          claim,
          60,
          (error) => outcomeOfError(error, {}, Date.now()),
          clock,
        );
        const { outcome } = await attempt.outcomeOf(async () => makers[index]!.make());
        return { claim, outcome };
      }),
    );
    const { written, refused } = await fixture.queue.settle(outcomes);
    expect(refused).toEqual([]);
    expect(written.map(({ status }) => status)).toEqual(jobs.map(() => 'COMPLETED'));
  });
});
