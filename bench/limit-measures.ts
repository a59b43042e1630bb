import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres } from '../src/database/index.js';
import type { LimitSettings, Limits, Pauses, QueueService } from '../src/queue/index.js';
import { type Run, mostAtOnce, mostStartsIn, percentile } from './limit-figures.js';
import { withClient } from './server.js';

const NONE: Limits = { rate: null, burst: 1, concurrency: null, per_key: null };
const SECOND = 1_000;
const SINGLES = 200;

/** Measures limits over some worker processes. */
export class LimitMeasures {
  constructor(
    private readonly url: string,
    private readonly queue: QueueService,
    private readonly settings: LimitSettings,
    private readonly pauses: Pauses,
    private readonly postgres: Postgres,
    private readonly workers: readonly ChildProcess[],
  ) {}

  async rate(queue: string, limits: Partial<Limits>, count: number, periodMs: number, seconds: number) {
    await this.limit(queue, limits);
    await this.submit(queue, Math.ceil((count * 1.2 * seconds * SECOND) / periodMs), { ms: 0 });
    const runs = await this.runsAfter(queue, seconds);
    const claims = await this.claims(queue);
    const used = (starts: readonly number[]) =>
      ((starts.length - 1) * periodMs) / ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / count;
    return {
      starts: claims.length,
      'most in any period': mostStartsIn(claims, periodMs),
      'the same as handlers see it': mostStartsIn(
        runs.map(({ from }) => from),
        periodMs,
      ),
      'used %': Math.round(1000 * used(claims)) / 10,
    };
  }

  async concurrency(queue: string, most: number, ms: number, seconds: number) {
    await this.limit(queue, { concurrency: most });
    await this.submit(queue, Math.ceil((most * seconds * SECOND) / ms) + 100, { ms });
    const runs = await this.runsAfter(queue, seconds);
    return { jobs: runs.length, ...(await this.usage(queue, most, runs)) };
  }

  async keys(queue: string, count: number, ms: number, seconds: number) {
    await this.limit(queue, { per_key: { rate: null, burst: 1, concurrency: 1 } });
    for (let key = 0; key < count; key++)
      await this.submit(queue, Math.ceil((seconds * SECOND) / ms) + 20, { ms }, `key-${key}`);
    const runs = await this.runsAfter(queue, seconds);
    return { jobs: runs.length, ...(await this.usage(queue, count, runs)) };
  }

  /** How long the first job behind a backlog that nobody has looked at waits, and then others, one after the other. */
  async others(queue: string, backlog: number) {
    await this.limit(queue, { per_key: { rate: '1/day', burst: 1, concurrency: 1 } });
    await this.pauses.pause(queue, { by: 'bench', reason: null, until: null });
    for (let left = backlog; left > 0; left -= 10_000) await this.submit(queue, 10_000, { ms: 0 }, 'limited');
    const first = this.waitOfOne(queue);
    await pause(SECOND);
    const resumedAt = performance.now();
    await this.pauses.resume(queue);
    await first;
    const firstMs = performance.now() - resumedAt;
    const waits: number[] = [];
    for (let single = 0; single < SINGLES; single++) waits.push(await this.waitOfOne(queue));
    const sorted = waits.sort((a, b) => a - b);
    return {
      'first ms': Math.round(firstMs),
      'p50 ms': percentile(sorted, 0.5),
      'p99 ms': percentile(sorted, 0.99),
    };
  }

  private async waitOfOne(queue: string): Promise<number> {
    const [enqueued] = await this.queue.enqueue([{ type: 'echo', queue, payload: { ms: 0, queue } }]);
    for (;;) {
      const { rows } = await this.postgres.query<{ ms: number | null }>(
        'SELECT (extract(epoch FROM started_at - created_at) * 1000)::float8 AS ms FROM jobs WHERE id = $1',
        [enqueued?.job.id],
      );
      if (rows[0]?.ms !== null && rows[0]?.ms !== undefined) return rows[0].ms;
      await pause(2);
    }
  }

  private async limit(queue: string, limits: Partial<Limits>): Promise<void> {
    await this.queue.enqueue([{ type: 'echo', queue, payload: { ms: 0, queue: '' } }]);
    await pause(SECOND);
    // The first job made the queue and is none of those that are measured.
    await this.postgres.query('DELETE FROM jobs WHERE queue = $1', [queue]);
    await this.postgres.transaction(async (session) => {
      await this.settings.hold(session, queue);
      await this.settings.set(session, queue, { ...NONE, ...limits });
    });
  }

  private async submit(queue: string, jobs: number, payload: object, limitKey?: string): Promise<void> {
    for (let left = jobs; left > 0; left -= 1_000) {
      const job = { type: 'echo', queue, payload: { ...payload, queue }, ...(limitKey ? { limitKey } : {}) };
      await this.queue.enqueue(Array.from({ length: Math.min(1_000, left) }, () => job));
    }
  }

  /** Then what is left is cancelled. */
  private async runsAfter(queue: string, seconds: number): Promise<Run[]> {
    await pause(seconds * SECOND);
    await withClient(this.url, (client) =>
      client.query(`UPDATE queues SET paused_at = now() WHERE name = $1`, [queue]),
    );
    await pause(SECOND);
    const answers = await Promise.all(
      this.workers.map(async (worker) => {
        const answer = once(worker, 'message');
        worker.send('runs');
        return ((await answer) as [[string, number, number][]])[0];
      }),
    );
    return answers
      .flat()
      .filter(([name]) => name === queue)
      .map(([, from, to]) => ({ from, to }))
      .sort((a, b) => a.from - b.from);
  }

  private async claims(queue: string): Promise<number[]> {
    return (await this.attempts(queue)).map(({ from }) => from);
  }

  private async attempts(queue: string): Promise<Run[]> {
    const { rows } = await this.postgres.query<Run>(
      `SELECT (extract(epoch FROM a.started_at) * 1000)::float8 AS from, (extract(epoch FROM a.ended_at) * 1000)::float8 AS to
       FROM job_attempts a JOIN jobs j ON j.id = a.job_id
       WHERE j.queue = $1 AND a.ended_at IS NOT NULL ORDER BY a.started_at`,
      [queue],
    );
    return rows;
  }

  private async usage(queue: string, most: number, runs: readonly Run[]) {
    const attempts = await this.attempts(queue);
    const used = (all: readonly Run[]) => {
      const span = Math.max(...all.map(({ to }) => to)) - Math.min(...all.map(({ from }) => from));
      return Math.round((1000 * all.reduce((sum, { from, to }) => sum + to - from, 0)) / span / most) / 10;
    };
    return {
      'most at once': mostAtOnce(attempts),
      'handlers at once': mostAtOnce(runs),
      'used %': used(attempts),
      'handlers %': used(runs),
    };
  }
}
