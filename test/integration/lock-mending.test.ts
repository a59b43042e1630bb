import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { type Job, Mender, type NewJob, Promoter } from '../../src/queue/index.js';
import { DatabaseClock } from '../../src/common/index.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;

describe('what a hand or a fault has done to locks and dependencies', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  beforeAll(async () => {
    fixture = await startQueue('lock mending');
    other = await startProcess(fixture.database.url);
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job'),
  );
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const locked = (more: Partial<NewJob> = {}) => fixture.enqueue({ lock: 'L', ...more });
  const status = async ({ id }: Job) => (await fixture.row(id)).status;
  /** As if all of it had happened a while ago. */
  const mend = async () => {
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.rows(
      `UPDATE jobs SET updated_at = updated_at - interval '1 minute', last_event = last_event,
              scheduled_at = scheduled_at - interval '1 minute'`,
    );
    return fixture.get(Mender).mend();
  };
  const mendsOnce = async () => {
    expect(await mend()).toBeGreaterThan(0);
    expect(await mend()).toBe(0);
  };
  const runAll = async (): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const claimed = await fixture.claim(1_000);
      if (claimed.length === 0) return started;
      started.push(...claimed.map((job) => job.id));
      await fixture.queue.settle(claimed.map((claim) => ({ claim, outcome: DONE })));
    }
  };
  const line = async () => [await locked(), await locked(), await locked()] as const;

  test('is nothing in a sound system, whatever its jobs wait for', async () => {
    const running = await fixture.started({ lock: 'running' });
    await locked({ lock: 'running' });
    await fixture.enqueue({ dependsOn: [running.id], lock: 'L' });
    await fixture.enqueue({ dependsOn: [running.id], delayMs: 3_600_000 });
    await line();
    await locked({ delayMs: 3_600_000 });
    const retrying = await fixture.started({ lock: 'retrying' });
    await fixture.settle(retrying, { kind: 'snoozed', delayMs: 3_600_000 });
    await locked({ lock: 'retrying' });
    expect(await mend()).toBe(0);
  });

  test.each([
    ['was set to an end', `UPDATE jobs SET status = 'CANCELLED', finished_at = now() WHERE id = $1`],
    ['was deleted', 'DELETE FROM jobs WHERE id = $1'],
  ])('is mended when a holder %s: the next has the lock', async (_, sql) => {
    const [first, second, third] = await line();
    await fixture.rows(sql, [first.id]);
    await mendsOnce();
    expect(await runAll()).toEqual([second.id, third.id]);
  });

  test('is mended when a lock is held by nobody that exists', async () => {
    const [first, second, third] = await line();
    await fixture.rows('UPDATE job_locks SET holder = $1', [randomUUID()]);
    await fixture.rows(`UPDATE jobs SET status = 'CANCELLED', finished_at = now() WHERE id = $1`, [first.id]);
    await mendsOnce();
    expect(await runAll()).toEqual([second.id, third.id]);
  });

  test('is mended when the row of a lock is gone', async () => {
    const [first, second, third] = await line();
    await fixture.settle((await fixture.claim())[0]!, DONE);
    await fixture.rows('DELETE FROM job_locks');
    await fixture.rows(`UPDATE jobs SET status = 'BLOCKED', ticketed = false WHERE status = 'PENDING'`);
    await fixture.rows('DELETE FROM pgboss.job');
    await mendsOnce();
    expect([await status(first), ...(await runAll())]).toEqual(['COMPLETED', second.id, third.id]);
  });

  test('is mended when a holder was set to wait behind its own lock', async () => {
    const [first, second, third] = await line();
    await fixture.rows(`UPDATE jobs SET status = 'BLOCKED', ticketed = false WHERE id = $1`, [first.id]);
    await fixture.rows('DELETE FROM pgboss.job');
    await mendsOnce();
    expect(await runAll()).toEqual([first.id, second.id, third.id]);
  });

  test('is mended when a job is behind a lock that it does not name any more', async () => {
    const [first, second, third] = await line();
    await fixture.rows('UPDATE jobs SET lock = NULL WHERE id = $1', [second.id]);
    await mendsOnce();
    expect(await runAll()).toEqual(expect.arrayContaining([first.id, second.id, third.id]));
  });

  test('is mended when the holder has lost its ticket', async () => {
    const [first, second, third] = await line();
    await fixture.rows('DELETE FROM pgboss.job');
    await mendsOnce();
    expect(await runAll()).toEqual([first.id, second.id, third.id]);
  });

  test('never puts a job beside the holder when somebody sets one that waits to PENDING', async () => {
    const [first, second, third] = await line();
    await fixture.rows(`UPDATE jobs SET status = 'PENDING' WHERE id = $1`, [second.id]);
    await mend();
    await fixture.get(Promoter).promote();
    expect(await status(second)).toBe('BLOCKED');
    expect(await runAll()).toEqual([first.id, second.id, third.id]);
  });

  test.each([
    ['COMPLETED', 'PENDING'],
    ['FAILED', 'CANCELLED'],
    ['CANCELLED', 'CANCELLED'],
  ])('is mended when a parent was set to %s: its dependent is %s', async (set, expected) => {
    const parent = await fixture.enqueue();
    const job = await fixture.enqueue({ dependsOn: [parent.id] });
    await fixture.rows('UPDATE jobs SET status = $2::job_status, finished_at = now() WHERE id = $1', [
      parent.id,
      set,
    ]);
    await mendsOnce();
    expect(await status(job)).toBe(expected);
  });

  test('is mended when a parent was deleted, or a count is wrong', async () => {
    const [parent, running] = [await fixture.enqueue(), await fixture.started()];
    const jobs = [
      await fixture.enqueue({ dependsOn: [parent.id] }),
      await fixture.enqueue({ dependsOn: [running.id] }),
    ];
    await fixture.rows('DELETE FROM jobs WHERE id = $1', [parent.id]);
    await fixture.rows('UPDATE jobs SET open_dependencies = 7 WHERE id = $1', [jobs[1]!.id]);
    await fixture.settle(running, DONE);
    await mendsOnce();
    expect(await runAll()).toEqual(jobs.map((job) => job.id));
  });

  test('does not include clocks: one that is behind blocks a due job once, and one ahead starts none early', async () => {
    const { holder, job } = { job: await locked({ delayMs: 3_600_000 }), holder: await locked() };
    await fixture.rows('UPDATE jobs SET scheduled_at = now() WHERE id = $1', [job.id]);
    other.get(DatabaseClock).set(new Date(Date.now() - 600_000));
    for (let round = 0; round < 3; round++) await other.get(Promoter).promote();
    expect([await status(job), await fixture.ledger(job.id)]).toEqual(['BLOCKED', ['blocked 0']]);
    const later = await locked({ delayMs: 60_000, lock: 'M' });
    other.get(DatabaseClock).set(new Date(Date.now() + 600_000));
    await other.get(Promoter).promote();
    expect(await runAll()).toEqual([holder.id, job.id]);
    expect(await status(later)).toBe('PENDING');
  });
});
