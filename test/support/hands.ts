import { type Job, JobEvents, Mender, type NewJob, Promoter } from '../../src/queue/index.js';
import { type TestQueue, startQueue } from './queue.js';

const DONE = { kind: 'completed', result: null } as const;

/** A queue whose tables somebody changes in psql, and what the rounds of the workers make of it. */
export interface Hands extends TestQueue {
  /** Enqueues a job, as if a while ago. */
  waiting(job?: Partial<NewJob>): Promise<Job>;
  /** What somebody types in psql. */
  psql(sql: string, values?: unknown[]): Promise<void>;
  /** One round of promoting, mending and promoting, and a second that must find nothing. Answers what was mended. */
  followUp(): Promise<Record<string, number>>;
  /** Runs all that may run, one after the other; answers with their ids. */
  runAll(queue?: string): Promise<string[]>;
  statusOf(job: Pick<Job, 'id'>): Promise<string>;
  clear(): Promise<void>;
}

export async function startHands(test: string): Promise<Hands> {
  const fixture = await startQueue(test);
  let mended: Record<string, number> = {};
  fixture.get(JobEvents).on('mended', (kind, ids) => (mended[kind] = (mended[kind] ?? 0) + ids.length));
  /** What is a few seconds old may belong to a transaction that commits just now. */
  const age = async () => {
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.rows(`ALTER TABLE jobs DISABLE TRIGGER record_job_events`);
    await fixture.rows(`UPDATE jobs SET updated_at = updated_at - interval '1 minute'`);
    await fixture.rows(`ALTER TABLE jobs ENABLE TRIGGER record_job_events`);
  };
  const round = async () => {
    await age();
    mended = {};
    await fixture.get(Promoter).promote();
    await fixture.get(Mender).mend();
    await fixture.get(Promoter).promote();
    return mended;
  };
  return {
    ...fixture,
    waiting: (job) => fixture.enqueue(job),
    psql: async (sql, values) => {
      await fixture.rows(sql, values);
    },
    followUp: async () => {
      const first = await round();
      expect(await round()).toEqual({});
      return first;
    },
    runAll: async (queue = 'default') => {
      const started: string[] = [];
      for (;;) {
        const [claim] = await fixture.claim(1, { queue });
        if (!claim) return started;
        started.push(claim.id);
        await fixture.settle(claim, DONE);
      }
    },
    statusOf: async ({ id }) => (await fixture.row(id)).status,
    clear: async () => {
      await fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job');
    },
  };
}
