import type { INestApplicationContext } from '@nestjs/common';
import { type ClaimedJob, Mender, Promoter, QueueService, Retention } from '../../src/queue/index.js';
import { type CommitCutter, startCommitCutter } from '../support/commit-cutter.js';
import { eventually } from '../support/eventually.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const FAILED = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;

describe('an answer that is lost at the commit strands and doubles nothing, and asking again is safe:', () => {
  let fixture: TestQueue;
  let cutter: CommitCutter;
  /** A process whose every connection goes through the cutter. */
  let endangered: INestApplicationContext;
  let queue: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('lost answers');
    cutter = await startCommitCutter(fixture.database.url);
    endangered = await startProcess(cutter.url);
    queue = endangered.get(QueueService);
    await queue.enqueue([{ type: 'task', payload: {} }]);
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job'),
  );
  afterAll(async () => {
    await endangered?.close();
    await cutter?.stop();
    await fixture?.stop();
  });

  /** What was cut holds its rows until the server has noticed. */
  const openTransactions = async (): Promise<number> => {
    const [row] = await fixture.rows(
      `SELECT count(*)::int AS open FROM pg_stat_activity
       WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    return row!.open;
  };
  /** Does it with its commit cut, whether that throws or is looked up, and then once more as a caller would. */
  const twice = async (moment: 'before' | 'after', act: () => Promise<unknown>, passing = 0) => {
    const cut = cutter.cutNextCommit(moment, passing);
    await act().catch(() => undefined);
    await cut;
    await eventually(async () => (await openTransactions()) === 0);
    await act();
  };
  const age = () =>
    fixture.rows(`WITH tickets AS (UPDATE pgboss.job SET created_on = created_on - interval '1 minute')
                  UPDATE jobs SET updated_at = updated_at - interval '1 minute'`);
  const runAll = async (): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const [claim] = await fixture.claim(1);
      if (!claim) return started;
      started.push(claim.id);
      await fixture.settle(claim, DONE);
    }
  };
  /** Nothing is left that would have to be mended, and what runs runs once. */
  const expectWhole = async (runs: readonly string[]) => {
    await age();
    expect(await fixture.get(Mender).mend()).toBe(0);
    expect(await runAll()).toEqual(runs);
    expect(await fixture.rows('SELECT 1 FROM pgboss.job UNION ALL SELECT 1 FROM job_locks')).toEqual([]);
    await age();
    expect(await fixture.get(Mender).mend()).toBe(0);
  };
  const failed = async (): Promise<ClaimedJob> => {
    const job = await fixture.started();
    await fixture.settle(job, FAILED);
    return job;
  };

  describe.each(['before', 'after'] as const)('%s the commit', (moment) => {
    test('of a submission with a lock, a key and a parent', async () => {
      const parent = await fixture.started();
      const asked = {
        type: 'task',
        payload: {},
        lock: 'L',
        dependsOn: [parent.id],
        idempotency: { key: 'I', fingerprint: 'f' },
      };
      await twice(moment, () => queue.enqueue([asked]));
      const rows = await fixture.rows('SELECT id FROM jobs WHERE id <> $1', [parent.id]);
      expect(rows).toHaveLength(1);
      await fixture.settle(parent, DONE);
      await expectWhole([rows[0]!.id]);
    });

    test('of a batch', async () => {
      const jobs = Array.from({ length: 200 }, (_, index) => ({
        type: 'task',
        payload: { index },
        idempotency: { key: `${index}`, fingerprint: 'f' },
      }));
      await twice(moment, () => queue.enqueue(jobs));
      expect(await fixture.rows('SELECT id FROM jobs')).toHaveLength(200);
      expect(await fixture.tickets()).toHaveLength(200);
      await age();
      expect(await fixture.get(Mender).mend()).toBe(0);
    });

    test('of a settle that hands a lock on', async () => {
      const job = await fixture.started({ lock: 'L' });
      const next = await fixture.enqueue({ lock: 'L' });
      await twice(moment, () => queue.settle([{ claim: job, outcome: DONE }]));
      expect(await fixture.ledger(job.id)).toEqual(['started 1', 'completed 1']);
      await expectWhole([next.id]);
    });

    test('of a settle that will be tried again', async () => {
      const job = await fixture.started();
      await twice(moment, () => queue.settle([{ claim: job, outcome: { kind: 'released' } }]));
      expect(await fixture.ledger(job.id)).toEqual(['started 1', 'released 1']);
      await expectWhole([job.id]);
    });

    test('of a cancel', async () => {
      const job = await fixture.enqueue({ lock: 'L' });
      const next = await fixture.enqueue({ lock: 'L' });
      await twice(moment, () => queue.cancel([job.id], 'ada'));
      expect(await fixture.ledger(job.id)).toEqual(['cancelled 0']);
      await expectWhole([next.id]);
    });

    test('of a retry', async () => {
      const job = await failed();
      await twice(moment, () => queue.retry([job.id], 'ada'));
      expect(await fixture.ledger(job.id)).toEqual(['started 1', 'failed 1', 'retried 1']);
      await expectWhole([job.id]);
    });

    test('of a change and of running now', async () => {
      const job = await fixture.enqueue({ delayMs: 3_600_000 });
      await twice(moment, () => queue.edit([job.id], { priority: 1 }, 'ada'));
      await twice(moment, () => queue.runNow([job.id], 'ada'));
      await expectWhole([job.id]);
    });

    test('of a discard', async () => {
      const job = await failed();
      await twice(moment, () => queue.discard([job.id]));
      expect(await fixture.rows('SELECT 1 FROM jobs UNION ALL SELECT 1 FROM job_events')).toEqual([]);
      await expectWhole([]);
    });

    test('of a promotion', async () => {
      const job = await fixture.enqueue({ delayMs: 3_600_000, lock: 'L' });
      const next = await fixture.enqueue({ delayMs: 3_600_000, lock: 'L' });
      await fixture.rows('UPDATE jobs SET scheduled_at = now()');
      await twice(moment, () => endangered.get(Promoter).promote());
      await expectWhole([job.id, next.id]);
    });

    test('of any step of mending', async () => {
      const steps = 14;
      for (let step = 0; step < steps; step++) {
        await fixture.rows('TRUNCATE jobs, job_events, job_locks, pgboss.job');
        const holder = await fixture.enqueue({ lock: 'L' });
        const next = await fixture.enqueue({ lock: 'L' });
        const plain = await fixture.enqueue();
        await fixture.rows(`UPDATE jobs SET status = 'CANCELLED' WHERE id = $1`, [holder.id]);
        await fixture.rows('DELETE FROM pgboss.job WHERE id = $1', [plain.id]);
        await age();
        await twice(moment, () => endangered.get(Mender).mend(), step);
        expect((await runAll()).sort()).toEqual([next.id, plain.id].sort());
      }
    });

    test('of a round of deleting old jobs', async () => {
      await failed();
      await fixture.rows(`UPDATE jobs SET finished_at = finished_at - interval '31 days'`);
      await twice(moment, () => endangered.get(Retention).purge(['FAILED'], 30));
      expect(await fixture.rows('SELECT 1 FROM jobs UNION ALL SELECT 1 FROM job_events')).toEqual([]);
    });
  });
});
