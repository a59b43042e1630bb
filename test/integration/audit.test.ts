import { randomUUID } from 'node:crypto';
import { resolveConfig } from '../../src/config/index.js';
import { type AuditResult, type AuditScope, OneConnection, auditAll } from '../../src/audit/index.js';
import { Postgres } from '../../src/database/index.js';
import { eventually } from '../support/eventually.js';
import { type TestQueue, WORKER, startQueue } from '../support/queue.js';
import { start, workflowOf } from '../support/workflows.js';

const RESULT = { kind: 'completed', result: null } as const;

describe('an audit', () => {
  let queue: TestQueue;
  beforeAll(async () => {
    queue = await startQueue('audit');
  });
  afterAll(() => queue?.stop());

  const audit = async (scope: Partial<AuditScope> = {}): Promise<AuditResult> => {
    const source = await OneConnection.open(
      resolveConfig({ DATABASE_URL: queue.database.url }),
      'audit test',
    );
    try {
      return await auditAll(source, { deadAfterSeconds: 30, ...scope });
    } finally {
      await source.close();
    }
  };
  /** The invariants that are broken, and how often. */
  const broken = async (scope?: Partial<AuditScope>): Promise<Record<string, number>> => {
    const { findings } = await audit(scope);
    const counts = findings.map(({ invariant, count }) => [invariant.name, count] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  };
  const rows = (sql: string, values?: unknown[]) => queue.rows(sql, values);
  /** Without the triggers that write down what is changed by hand, and follow it up. */
  const behindTheLedger = (sql: string, values?: unknown[]) =>
    rows('ALTER TABLE jobs DISABLE TRIGGER USER')
      .then(() => rows(sql, values))
      .finally(() => rows('ALTER TABLE jobs ENABLE TRIGGER USER'));
  const completed = async () => {
    const job = await queue.started();
    await queue.settle(job, RESULT);
    return job;
  };
  const liveWorker = (id: string, age: string) =>
    rows(
      `INSERT INTO workers (id, hostname, pid, version, queues, slots, started_at, last_seen_at)
       VALUES ($1, 'here', 1, '0', '{*}', 1, now() - $2::interval, now())
       ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, last_seen_at = now()`,
      [id, age],
    );

  beforeEach(async () => {
    await behindTheLedger(
      'TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, workflows, workers, removed_jobs',
    );
    await rows('DELETE FROM pgboss.job');
  });

  test('finds nothing in jobs of every kind that the product has moved', async () => {
    await completed();
    const failing = await queue.started({
      maxAttempts: 1,
      lock: 'a',
      unique: { key: 'a', while: 'unfinished', onConflict: 'return' },
    });
    const behind = await queue.enqueue({ lock: 'a', idempotency: { key: 'b', fingerprint: 'f' } });
    const child = await queue.enqueue({ dependsOn: [behind.id] });
    await queue.enqueue({ dependsOn: [child.id], scheduledAt: new Date(Date.now() + 3_600_000) });
    await queue.enqueue({ scheduledAt: new Date(Date.now() + 30_000), lock: 'later' });
    await queue.settle(failing, { kind: 'failed', error: { name: 'E', message: 'm' } });
    await queue.queue.retry([failing.id], 'ann');
    const cancelled = await queue.enqueue({ unique: { key: 'c', while: 'waiting', onConflict: 'return' } });
    await queue.queue.cancel([cancelled.id], 'ann');
    await queue.queue.retry([cancelled.id], 'ann');
    await queue.queue.cancel([(await completed()).id, cancelled.id], 'ann');
    const flow = await start(queue, workflowOf({ a: [], b: ['a'], c: ['b'], d: ['b?'] }));
    const [root] = await queue.claim(1);
    await queue.settle(root!, { kind: 'failed', error: { name: 'E', message: 'm' }, permanent: true });
    await queue.queue.retry([flow.idOf('a')], 'ann');
    const snoozed = await queue.started();
    await queue.settle(snoozed, { kind: 'snoozed', delayMs: 100_000 });
    const interrupted = await queue.started();
    await queue.settle(interrupted, { kind: 'interrupted', error: { name: 'I', message: 'm' } });
    const gone = await completed();
    await queue.queue.discard([gone.id]);
    expect(await broken()).toEqual({});
    expect((await audit()).jobs).toBe(14);
  });

  test.each<[string, string, () => Promise<unknown>]>([
    [
      'a start that is not on record',
      'attempts_on_record',
      async () => {
        const job = await completed();
        await rows(`UPDATE jobs SET attempts = 2 WHERE id = $1`, [job.id]);
      },
    ],
    [
      'a job that completed twice',
      'completed_once attempt_ends_once',
      async () => {
        const { id } = await completed();
        await rows(`INSERT INTO job_events (job_id, attempt, event, at) VALUES ($1, 1, 'completed', now())`, [
          id,
        ]);
      },
    ],
    [
      'an end without a start',
      'attempt_ends_once',
      async () => {
        const { id } = await queue.enqueue();
        await rows(`INSERT INTO job_events (job_id, attempt, event, at) VALUES ($1, 1, 'failed', now())`, [
          id,
        ]);
      },
    ],
    [
      'an attempt without an end',
      'attempt_open_while_running end_on_record',
      async () => {
        const { id } = await completed();
        await rows(`DELETE FROM job_events WHERE job_id = $1 AND event = 'completed'`, [id]);
      },
    ],
    [
      'an end that was written behind the back of the ledger',
      'attempt_open_while_running end_on_record',
      async () => {
        const { id } = await queue.started();
        await behindTheLedger(`UPDATE jobs SET status = 'COMPLETED', finished_at = now() WHERE id = $1`, [
          id,
        ]);
      },
    ],
    [
      'a completed job that runs again by itself',
      'revived_by_somebody end_on_record attempt_open_while_running',
      async () => {
        const { id } = await completed();
        await rows(`UPDATE jobs SET attempts = 2 WHERE id = $1`, [id]);
        await rows(`INSERT INTO job_events (job_id, attempt, event, at) VALUES ($1, 2, 'started', now())`, [
          id,
        ]);
      },
    ],
    [
      'a place in line that is gone',
      'due_job_in_line',
      async () => {
        await queue.enqueue();
        await rows('DELETE FROM pgboss.job');
      },
    ],
    [
      'a due job that nobody gave a place in line',
      'due_job_in_line',
      async () => {
        await liveWorker(WORKER, '1 hour');
        const { id } = await queue.enqueue({ scheduledAt: new Date(Date.now() + 3_600_000) });
        await rows(
          `UPDATE jobs SET scheduled_at = now() - interval '2 minutes', updated_at = now() - interval '2 minutes',
                           last_event = 'updated' WHERE id = $1`,
          [id],
        );
      },
    ],
    [
      'a place in line of a job that has ended',
      'ticket_has_job',
      async () => {
        const { id } = await queue.enqueue();
        const tickets = await rows('SELECT * FROM pgboss.job');
        await queue.queue.cancel([id], 'ann');
        await rows('INSERT INTO pgboss.job SELECT * FROM json_populate_recordset(NULL::pgboss.job, $1)', [
          JSON.stringify(tickets),
        ]);
      },
    ],
    [
      'a running job whose lock somebody deleted',
      'lock_is_held',
      async () => {
        await queue.started({ lock: 'a' });
        await rows('DELETE FROM job_locks');
      },
    ],
    [
      'a lock of a job that has ended',
      'lock_has_job',
      async () => {
        const job = await queue.started({ lock: 'a' });
        const [lock] = await rows('SELECT lock_hash, holder FROM job_locks');
        await queue.settle(job, RESULT);
        await rows('INSERT INTO job_locks (lock_hash, holder) VALUES ($1, $2)', Object.values(lock!));
      },
    ],
    [
      'a job behind a lock that nobody holds',
      'blocked_by_something lock_is_held',
      async () => {
        await queue.enqueue({ lock: 'a' });
        await queue.enqueue({ lock: 'a' });
        await rows('DELETE FROM job_locks');
      },
    ],
    [
      'a job that waits for a parent which will not tell it',
      'blocked_by_something',
      async () => {
        const parent = await queue.enqueue();
        await queue.enqueue({ dependsOn: [parent.id] });
        await rows('DELETE FROM job_dependencies');
      },
    ],
    [
      'a wrong number of open parents',
      'blocked_by_something',
      async () => {
        const parent = await queue.enqueue();
        const child = await queue.enqueue({ dependsOn: [parent.id] });
        await rows('UPDATE jobs SET open_dependencies = 2 WHERE id = $1', [child.id]);
      },
    ],
    [
      'a workflow that has counted its jobs wrong',
      'workflow_counts_its_jobs',
      async () => {
        const { id } = await start(queue, workflowOf({ a: [], b: ['a'] }));
        await rows('UPDATE workflows SET open = 1 WHERE id = $1', [id]);
      },
    ],
    [
      'a workflow that somebody deleted',
      'job_has_workflow',
      async () => {
        await start(queue, workflowOf({ a: [] }));
        await rows('DELETE FROM workflows');
      },
    ],
    [
      'an idempotency key that somebody deleted',
      'key_is_held',
      async () => {
        await queue.enqueue({ idempotency: { key: 'a', fingerprint: 'f' } });
        await rows('DELETE FROM job_keys');
      },
    ],
    [
      'a unique key that somebody deleted',
      'key_is_held',
      async () => {
        await queue.enqueue({ unique: { key: 'a', while: 'unfinished', onConflict: 'return' } });
        await rows('DELETE FROM job_keys');
      },
    ],
    [
      'an unfinished job that somebody deleted',
      'kept_until_its_end key_has_job ticket_has_job',
      async () => {
        const { id } = await queue.enqueue({ idempotency: { key: 'a', fingerprint: 'f' } });
        await rows('DELETE FROM jobs WHERE id = $1', [id]);
      },
    ],
    [
      'a table that somebody emptied',
      'kept_until_its_end key_has_job history_has_job ticket_has_job dependency_has_job',
      async () => {
        await completed();
        const parent = await queue.enqueue({ idempotency: { key: 'a', fingerprint: 'f' } });
        await queue.enqueue({ dependsOn: [parent.id] });
        await rows('TRUNCATE jobs');
      },
    ],
  ])('finds %s', async (_, invariants, breakIt) => {
    await breakIt();
    expect(Object.keys(await broken()).sort()).toEqual(invariants.split(' ').sort());
  });

  test('finds a job that runs under a worker that is gone', async () => {
    await queue.started();
    // The other half minute is the invariant's own.
    await eventually(async () => 'running_under_worker' in (await broken({ deadAfterSeconds: -29 })));
    await liveWorker(WORKER, '1 hour');
    expect(await broken({ deadAfterSeconds: -29 })).toEqual({});
  });

  test('leaves out what is older than it is asked for', async () => {
    const { id } = await completed();
    await rows(`UPDATE jobs SET attempts = 2 WHERE id = $1`, [id]);
    expect(await broken({ since: new Date(Date.now() + 60_000) })).toEqual({});
    expect(await broken({ since: new Date(Date.now() - 60_000) })).toEqual({ attempts_on_record: 1 });
  });

  test('takes what a human hand has changed, and put on record, for no fault', async () => {
    const { id } = await completed();
    await rows(`UPDATE jobs SET status = 'CANCELLED' WHERE id = $1`, [id]);
    expect(await broken()).toEqual({});
  });

  test('cries no wolf while jobs are stored, started, ended and cancelled around it', async () => {
    const source = queue.get<Postgres>(Postgres);
    let goesOn = true;
    const work = async (seed: number) => {
      for (let round = 0; goesOn; round++) {
        const lock = `lock ${(seed + round) % 3}`;
        const parent = await queue.enqueue({ lock, idempotency: { key: randomUUID(), fingerprint: 'f' } });
        await queue.enqueue({
          dependsOn: [parent.id],
          unique: { key: `u${round % 5}`, while: 'unfinished', onConflict: 'return' },
        });
        await queue.enqueue({ maxAttempts: 1 });
        const claimed = await queue.claim(5);
        for (const job of claimed) {
          await queue.settle(
            job,
            round % 3 ? RESULT : { kind: 'failed', error: { name: 'E', message: 'm' } },
          );
        }
        if (round % 4 === 0) await queue.queue.cancel([parent.id], 'ann');
        if (round % 5 === 0) await queue.queue.retry([parent.id], 'ann');
      }
    };
    const workers = [1, 2, 3].map(work);
    for (let round = 0; round < 15; round++) {
      const { findings } = await auditAll(source, { deadAfterSeconds: 30 });
      expect(findings.filter(({ count }) => count > 0)).toEqual([]);
    }
    goesOn = false;
    await Promise.all(workers);
  });
});
