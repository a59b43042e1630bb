import type { DomainError } from '../../src/common/index.js';
import {
  type ClaimedJob,
  type JobStatus,
  type Managed,
  Mender,
  type NewJob,
  type Outcome,
  Promoter,
  type Settled,
  StalledJobs,
  isFinal,
} from '../../src/queue/index.js';
import { type TestQueue, WORKER, startQueue } from '../support/queue.js';
import { type Cell, EDGES_AMONG_JOBS, type Edge, MATRIX, STATES, edgeOf } from '../support/state-machine.js';

const HOUR_MS = 3_600_000;
const error = { name: 'Error', message: 'no' };

/** What an operation answered. */
type Reply = '409' | 'refused' | 'known' | undefined;

/** All that an edge may change. */
interface Snapshot {
  readonly row: Record<string, any> | undefined;
  readonly ledger: readonly string[];
  readonly lock: 'holds' | 'waits' | '–';
}

const NOTHING: Snapshot = { row: undefined, ledger: [], lock: '–' };

describe('the state machine', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('state machine');
  });
  // A hundred tests of two or three rows each: deleting them takes a tenth of the time of TRUNCATE.
  const clear = () =>
    fixture.rows('DELETE FROM jobs; DELETE FROM job_keys; DELETE FROM job_locks; DELETE FROM pgboss.job');
  beforeEach(clear);
  afterAll(() => fixture?.stop());

  const queue = () => fixture.queue;

  /** Asks for the job that the table is about, or for it once more. */
  const submit = (more: Partial<NewJob> = {}, onConflict: 'return' | 'replace' | 'reject' = 'return') =>
    fixture.enqueue({
      lock: 'l',
      unique: { key: 'u', while: 'unfinished', onConflict },
      backoff: { strategy: 'constant', delay: 0, jitter: 0 },
      ...more,
    });
  const idempotency = { key: 'i', fingerprint: 'f' };
  /** Another job that takes the lock, if it is free. */
  const other = () => fixture.enqueue({ lock: 'l', queue: 'elsewhere' });
  const parent = () => fixture.enqueue({ queue: 'elsewhere' });
  const started = async ({ id, queue: name }: ClaimedJob) =>
    (await fixture.claim(10, { queue: name })).find((claimed) => claimed.id === id)!;

  async function look(id: string): Promise<Snapshot> {
    const [lock] = await fixture.rows('SELECT holder FROM job_locks');
    return {
      row: await fixture.row(id),
      ledger: await fixture.ledger(id),
      lock: lock === undefined ? '–' : lock.holder === id ? 'holds' : 'waits',
    };
  }

  /** Brings a job into a state. @returns it, as its latest claimant knows it */
  async function jobIn(state: JobStatus, more: Partial<NewJob> = {}): Promise<ClaimedJob> {
    if (state === 'BLOCKED') await other();
    const job = await submit(more);
    if (state === 'BLOCKED' || state === 'PENDING') return job;
    if (state === 'CANCELLED') {
      await queue().cancel([job.id], 'me');
      return job;
    }
    const claim = await started(job);
    if (state === 'COMPLETED') await fixture.settle(claim, { kind: 'completed', result: null });
    if (state === 'FAILED') await fixture.settle(claim, { kind: 'failed', error, permanent: true });
    return claim;
  }

  const managed = ([answer]: Managed[]): Reply => (answer?.result === 'conflict' ? '409' : undefined);
  const settled = ({ written, refused }: Settled): Reply =>
    refused.length > 0 ? 'refused' : written.length > 0 ? undefined : 'known';
  const settling = (outcome: Outcome) => async (job: ClaimedJob) =>
    settled(await fixture.settle(job, outcome));
  const unanswered = (act: () => Promise<unknown>) => async () => {
    await act();
    return undefined;
  };
  const later = () => new Date(Date.now() + HOUR_MS);

  const OUTCOMES: Record<string, (job: ClaimedJob) => Promise<Reply>> = {
    completed: settling({ kind: 'completed', result: 1 }),
    'failed, budget left': settling({ kind: 'failed', error }),
    'failed, budget spent': settling({ kind: 'failed', error }),
    'failed for good': settling({ kind: 'failed', error, permanent: true }),
    'timed_out, budget left': settling({ kind: 'timed_out', error }),
    'timed_out, budget spent': settling({ kind: 'timed_out', error }),
    interrupted: settling({ kind: 'interrupted', error }),
    'lost alone for the third time': async (job) =>
      settled(
        await fixture.settle(
          { ...job, interruptionsAlone: 2 },
          { kind: 'interrupted', error, evidence: 'alone' },
        ),
      ),
    released: settling({ kind: 'released' }),
    snoozed: settling({ kind: 'snoozed', delayMs: HOUR_MS }),
    cancelled: settling({ kind: 'cancelled' }),
  };

  const OPERATIONS: Record<string, (job: ClaimedJob) => Promise<Reply>> = {
    ...OUTCOMES,
    claim: unanswered(() => fixture.claim(10)),
    'its worker is lost': unanswered(() => fixture.get(StalledJobs).recover([WORKER])),
    cancel: async ({ id }) => managed(await queue().cancel([id], 'me')),
    retry: async ({ id }) => managed(await queue().retry([id], 'me')),
    'run now': async ({ id }) => managed(await queue().runNow([id], 'me')),
    edit: async ({ id }) => managed(await queue().edit([id], { priority: 1 }, 'me')),
    'edit to a later time': async ({ id }) =>
      managed(await queue().edit([id], { scheduledAt: later() }, 'me')),
    discard: async ({ id }) => managed(await queue().discard([id])),
    replace: unanswered(() => submit({}, 'replace')),
    'replace by a later one': unanswered(() => submit({ scheduledAt: later() }, 'replace')),
    'the same request again': unanswered(() => submit({ idempotency })),
    promote: unanswered(() => fixture.get(Promoter).promote()),
    mend: unanswered(async () => expect(await fixture.get(Mender).mend()).toBe(0)),
  };

  /** Whether the job holds its unique key; asked last, since the answer may be a new job. */
  const holdsKey = async (id: string): Promise<boolean> => {
    try {
      await submit({}, 'reject');
      return false;
    } catch (refusal) {
      return (refusal as DomainError).options.members?.existing_job_id === id;
    }
  };

  async function expectEdge(edge: Edge, id: string, before: Snapshot): Promise<void> {
    const after = await look(id);
    expect([before.row?.status ?? '–', after.row?.status ?? '–']).toEqual([edge.from, edge.to]);
    if (after.row) expectEffects(edge, before, { ...after, row: after.row });
    if (edge.lock === 'takes') expect(after.lock).toBe('holds');
    if (edge.lock === 'waits') expect(after.lock).toBe('waits');
    if (edge.lock === 'frees') expect(after.lock).not.toBe('holds');
    if (edge.lock === '–') expect(after.lock === 'holds').toBe(before.lock === 'holds');
    const keeps = edge.to !== '–' && !isFinal(edge.to);
    expect(await holdsKey(id)).toBe(edge.key === '–' ? keeps : edge.key === 'takes');
  }

  function expectEffects(
    { event, attempts, limit }: Edge,
    before: Snapshot,
    after: Snapshot & { row: Record<string, any> },
  ): void {
    const { row: was = { attempts: 0, max_attempts: after.row.max_attempts } } = before;
    expect(after.row.attempts - was.attempts).toBe(attempts === '+1' ? 1 : 0);
    const raise = limit === '+base' ? after.row.base_max_attempts : limit === '+1' ? 1 : 0;
    expect(after.row.max_attempts - was.max_attempts).toBe(raise);
    const news = event === '–' ? [] : [`${event} ${after.row.attempts}`];
    expect(after.ledger).toEqual([...before.ledger, ...news]);
  }

  const cells = Object.entries(MATRIX).flatMap(([operation, row]) =>
    STATES.map((state, column) => [operation, state, row[column]!] as [string, JobStatus, Cell]),
  );

  describe('in each state', () => {
    test.each(cells)('"%s" of a job that is %s: %s', async (operation, state, cell) => {
      const maxAttempts = operation.endsWith('budget spent') ? 1 : 3;
      const job = await jobIn(state, { maxAttempts, idempotency });
      const before = await look(job.id);
      const reply = await OPERATIONS[operation]!(job);
      const edge = edgeOf(state, operation);
      if (!edge) {
        expect(reply ?? '–').toBe(cell);
        const { row, ledger } = await look(job.id);
        // That a result came too late is kept as evidence, and nothing else.
        const news = ledger.filter((event) => !event.startsWith('result_refused '));
        expect({ row, ledger: news }).toEqual({ row: before.row, ledger: before.ledger });
        return;
      }
      expect(reply).toBeUndefined();
      expect(cell).toBe(edge.to === '–' ? 'gone' : edge.to);
      await expectEdge(edge, job.id, before);
    });
  });

  describe('among jobs', () => {
    /** Does what an edge needs; between `before` and the end nothing but its cause happens. */
    type Scenario = (before: (id: string) => Promise<void>) => Promise<string>;

    const scheduledBehindLock = async (
      before: (id: string) => Promise<void>,
      act: (job: ClaimedJob) => Promise<unknown>,
      prepare: (job: ClaimedJob) => Promise<unknown> = () => Promise.resolve(),
    ) => {
      const job = await submit({ delayMs: HOUR_MS });
      await other();
      await prepare(job);
      await before(job.id);
      await act(job);
      return job.id;
    };

    /** A child, what happens to it before, and what happens then to its parent. */
    const childOf =
      (
        end: (parent: ClaimedJob) => Promise<unknown>,
        prepare: (child: ClaimedJob) => Promise<unknown> = () => Promise.resolve(),
      ): Scenario =>
      async (before) => {
        const first = await parent();
        const child = await submit({ dependsOn: [first.id] });
        const claim = await started(first);
        await prepare(child);
        await before(child.id);
        await end(claim);
        return child.id;
      };

    const complete = (claim: ClaimedJob) => fixture.settle(claim, { kind: 'completed', result: null });
    const fail = (claim: ClaimedJob) => fixture.settle(claim, { kind: 'failed', error, permanent: true });

    const retriedBehindLock =
      (state: JobStatus): Scenario =>
      async (before) => {
        const job = await jobIn(state);
        await other();
        await before(job.id);
        await queue().retry([job.id], 'me');
        return job.id;
      };

    const cancelled =
      (act: (job: ClaimedJob) => Promise<unknown>): Scenario =>
      async (before) => {
        const job = await jobIn('PROCESSING');
        await queue().cancel([job.id], 'me');
        await before(job.id);
        await act(job);
        return job.id;
      };

    const SCENARIOS: Record<string, Scenario | Scenario[]> = {
      '– submit': async () => (await submit()).id,
      '– submit for later': async () => (await submit({ delayMs: HOUR_MS })).id,
      '– submit, another holds its lock': async () => {
        await other();
        return (await submit()).id;
      },
      '– submit, a parent is unfinished': async () => (await submit({ dependsOn: [(await parent()).id] })).id,
      '– submit, a parent has failed': async () => {
        const failed = await started(await parent());
        await fail(failed);
        return (await submit({ dependsOn: [failed.id] })).id;
      },
      'PENDING its time comes, another holds its lock': (before) =>
        scheduledBehindLock(
          before,
          () => fixture.get(Promoter).promote(),
          ({ id }) =>
            fixture.rows(`UPDATE jobs SET scheduled_at = now() - interval '1 second' WHERE id = $1`, [id]),
        ),
      'PENDING run now, another holds its lock': (before) =>
        scheduledBehindLock(before, ({ id }) => queue().runNow([id], 'me')),
      'PENDING edit to now, another holds its lock': (before) =>
        scheduledBehindLock(before, ({ id }) => queue().edit([id], { scheduledAt: new Date(0) }, 'me')),
      'PENDING replace by one for now, another holds its lock': (before) =>
        scheduledBehindLock(before, () => submit({}, 'replace')),
      'BLOCKED its lock is free': async (before) => {
        const holder = await other();
        const { id } = await submit();
        const claim = await started(holder);
        await before(id);
        await complete(claim);
        return id;
      },
      'BLOCKED its last parent completes': childOf(complete),
      'BLOCKED its last parent completes, another holds its lock': childOf(complete, other),
      'BLOCKED its last parent fails, and it goes on': async (before) => {
        const claim = await started(await parent());
        const { id } = await submit({ dependsOn: [{ jobId: claim.id, onFailure: 'continue' }] });
        await before(id);
        await fail(claim);
        return id;
      },
      'BLOCKED a parent fails': childOf(fail),
      'BLOCKED a parent is cancelled': async (before) => {
        const first = await parent();
        const { id } = await submit({ dependsOn: [first.id] });
        await before(id);
        await queue().cancel([first.id], 'me');
        return id;
      },
      'PROCESSING any outcome after a cancel': Object.values(OUTCOMES).map((settle) => cancelled(settle)),
      'PROCESSING its worker is lost after a cancel': cancelled(() =>
        fixture.get(StalledJobs).recover([WORKER]),
      ),
      'FAILED retry, another holds its lock': retriedBehindLock('FAILED'),
      'CANCELLED retry, another holds its lock': retriedBehindLock('CANCELLED'),
      'CANCELLED retry, a parent is unfinished': async (before) => {
        const { id } = await submit({ dependsOn: [(await parent()).id] });
        await queue().cancel([id], 'me');
        await before(id);
        await queue().retry([id], 'me');
        return id;
      },
      'CANCELLED the parent it was cancelled with runs again': async (before) => {
        const claim = await started(await parent());
        const { id } = await submit({ dependsOn: [claim.id] });
        await fail(claim);
        await before(id);
        await queue().retry([claim.id], 'me');
        return id;
      },
    };

    test('has a scenario for each edge', () => {
      const edges = EDGES_AMONG_JOBS.map(({ from, cause }) => `${from} ${cause}`);
      expect(Object.keys(SCENARIOS).sort()).toEqual(edges.sort());
    });

    test.each(EDGES_AMONG_JOBS)('$from → $to: $cause', async (edge) => {
      for (const scenario of [SCENARIOS[`${edge.from} ${edge.cause}`]!].flat()) {
        await clear();
        let before = NOTHING;
        const id = await scenario(async (subject) => void (before = await look(subject)));
        await expectEdge(edge, id, before);
      }
    });

    test('a retry is refused while another job has the unique key, or a parent has failed', async () => {
      const first = await jobIn('CANCELLED');
      const holder = await submit();
      expect(await queue().retry([first.id], 'me')).toMatchObject([{ code: 'job_already_exists' }]);
      await queue().cancel([holder.id], 'me');
      const failed = await parent();
      const child = await submit({ dependsOn: [failed.id] });
      await queue().cancel([failed.id], 'me');
      expect(await queue().retry([child.id], 'me')).toMatchObject([{ code: 'dependency_failed' }]);
      expect(await fixture.row(child.id)).toMatchObject({ status: 'CANCELLED' });
    });
  });

  test('a job that has started is not replaced, and keeps its lock when it is moved to later', async () => {
    const claim = await jobIn('PROCESSING');
    await fixture.settle(claim, { kind: 'released' });
    const before = await look(claim.id);
    await submit({ payload: { n: 2 } }, 'replace');
    expect(await look(claim.id)).toEqual(before);
    await queue().edit([claim.id], { scheduledAt: later() }, 'me');
    expect(await look(claim.id)).toMatchObject({ row: { status: 'PENDING' }, lock: 'holds' });
  });
});
