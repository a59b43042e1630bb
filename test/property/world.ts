import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import {
  type AttemptOutcome,
  type ClaimedJob,
  type Managed,
  Mender,
  OutcomesHeldError,
  Promoter,
  QueueService,
  StalledJobs,
} from '../../src/queue/index.js';
import type { TestDatabase } from '../support/database.js';
import { HOUR_MS, OUTCOMES, answersOf, newJobOf, submitTo } from './asking.js';
import { type Action, QUEUES, type Submission, WORKERS } from './commands.js';
import { type Observation, observe } from './observation.js';

/** The jobs of one sequence in the real database, which have nothing to do with those of others. */
export class RealWorld {
  private readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly claims = new Map<string, ClaimedJob>();
  private readonly workers = new Map<string, string>(WORKERS.map((worker) => [worker, randomUUID()]));
  private readonly prefix = randomUUID().slice(0, 8);

  /**
   * @param lane sequences of the same lane come one after the other and share their queues
   * @param processes of the product, all on this database
   */
  constructor(
    private readonly lane: string,
    private readonly processes: readonly Pick<INestApplicationContext, 'get'>[],
    private readonly database: TestDatabase,
  ) {}

  /** Makes the id of the next job and answers with its number. */
  nextNumber(): number {
    const id = uuidv7();
    this.numbers.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }

  /** Does what the action says, in this process of the product. @returns what the queue answered */
  async perform(action: Action, process: number): Promise<unknown> {
    const queue = this.get(QueueService, process);
    switch (action.do) {
      case 'submit':
        return this.submit(queue, action.job);
      case 'claim':
        return this.claim(queue, action);
      case 'settle':
        return this.settle(queue, action);
      case 'crash':
        return this.get(StalledJobs, process).recover([this.workers.get(action.worker)!]);
      case 'cancel':
        return this.answers(await queue.cancel(this.idsOf(action.jobs), 'me'));
      case 'retry':
        return this.answers(await queue.retry(this.idsOf(action.jobs), 'me'));
      case 'run now':
        return this.answers(await queue.runNow(this.idsOf(action.jobs), 'me'));
      case 'discard':
        return this.answers(await queue.discard(this.idsOf(action.jobs)));
      case 'edit':
        return this.edit(queue, action);
      case 'pass':
        return this.pass(this.idsOf(action.jobs), process);
      case 'mend':
        return this.get(Mender, process).mend();
    }
  }

  observe(): Promise<Observation> {
    const locks = ['x', 'y'].map((lock) => [lock, this.name(lock)] as const);
    return observe(this.database.pool, {
      ids: this.ids,
      queues: QUEUES.map((queue) => [queue, this.queueName(queue)] as const),
      locks,
      workers: this.workers,
    });
  }

  /** Lets every job there is run and complete. */
  async finish(): Promise<void> {
    const queue = this.get(QueueService, 0);
    await this.get(StalledJobs, 0).recover([...this.workers.values()]);
    for (let isIdle = false; !isIdle;) {
      await this.pass(this.ids, 0);
      const claimed = await Promise.all(QUEUES.map((name) => this.claimFrom(queue, name, 100, 'w1')));
      await queue.settle(claimed.flat().map((claim) => ({ claim, outcome: OUTCOMES.completed })));
      isIdle = claimed.flat().length === 0;
    }
  }

  /** In one statement: whoever looks after all jobs meanwhile must find nothing odd. */
  async clear(): Promise<void> {
    await this.database.pool.query(
      `WITH a AS (DELETE FROM job_locks WHERE holder = ANY($1)),
            b AS (DELETE FROM pgboss.job WHERE id = ANY($1)),
            c AS (DELETE FROM job_keys WHERE job_id = ANY($1))
       DELETE FROM jobs WHERE id = ANY($1)`,
      [this.ids],
    );
  }

  private async submit(queue: QueueService, job: Submission): Promise<string> {
    const names = {
      queueOf: (name: string) => this.queueName(name),
      nameOf: (word: string) => this.name(word),
    };
    return submitTo(queue, newJobOf(job, this.ids, names), this.numbers);
  }

  private async claim(
    queue: QueueService,
    { queue: name, limit, worker }: Extract<Action, { do: 'claim' }>,
  ): Promise<string[]> {
    const claimed = await this.claimFrom(queue, name, limit, worker);
    const answers = claimed.map((job) => `${this.numbers.get(job.id)} ${job.attempts}`);
    claimed.forEach((job, index) => this.claims.set(answers[index]!, job));
    return answers.sort();
  }

  private claimFrom(queue: QueueService, name: string, limit: number, worker: string): Promise<ClaimedJob[]> {
    const claimant = { workerId: this.workers.get(worker)! };
    return queue.claim(this.queueName(name), limit, claimant);
  }

  private async settle(
    queue: QueueService,
    { claims, outcome }: Extract<Action, { do: 'settle' }>,
  ): Promise<string[]> {
    const attempts = claims.map(({ job, attempt }) => this.claims.get(`${job} ${attempt}`)!);
    const settled = await settleHeld(
      queue,
      attempts.map((claim) => ({ claim, outcome: OUTCOMES[outcome] })),
    );
    const written = new Set(settled.written);
    const fateOf = (id: string) =>
      written.has(id) ? 'written' : settled.refused.includes(id) ? 'refused' : 'known';
    return attempts.map(({ id }) => `${this.numbers.get(id)} ${fateOf(id)}`).sort();
  }

  private async edit(
    queue: QueueService,
    { jobs, changes: { queue: name, priority, due } }: Extract<Action, { do: 'edit' }>,
  ): Promise<string[]> {
    const changes = {
      ...(name === undefined ? {} : { queue: this.queueName(name) }),
      ...(priority === undefined ? {} : { priority }),
      ...(due === undefined ? {} : { scheduledAt: new Date(due ? 0 : Date.now() + HOUR_MS) }),
    };
    return this.answers(await queue.edit(this.idsOf(jobs), changes, 'me'));
  }

  private async pass(ids: readonly string[], process: number): Promise<void> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE jobs SET scheduled_at = now() - interval '1 second'
       WHERE id = ANY($1) AND status IN ('PENDING', 'BLOCKED') AND scheduled_at > now()`,
      [ids],
    );
    // The promoter leaves jobs whose rows somebody holds to its next round.
    for (let left = rowCount; left !== 0;) {
      await this.get(Promoter, process).promote();
      ({ rowCount: left } = await this.database.pool.query(
        `SELECT 1 FROM jobs
         WHERE id = ANY($1) AND status = 'PENDING' AND NOT ticketed AND scheduled_at <= now() FOR SHARE`,
        [ids],
      ));
    }
  }

  private answers(managed: readonly Managed[]): string[] {
    return answersOf(managed, this.numbers);
  }

  private idsOf(numbers: readonly number[]): string[] {
    return numbers.map((number) => this.ids[number]!);
  }

  private queueName(queue: string): string {
    return `${this.lane}-${queue}`;
  }

  private name(word: string): string {
    return `${this.prefix} ${word}`;
  }

  private get<T>(token: abstract new (...args: never[]) => T, process: number): T {
    return this.processes[process]!.get<T>(token);
  }
}

/** Settles as a worker does: what waits for somebody else's transaction is tried again, and all the others were written. */
async function settleHeld(
  queue: QueueService,
  outcomes: readonly AttemptOutcome[],
): Promise<{ written: string[]; refused: readonly string[] }> {
  try {
    const { written, refused } = await queue.settle([...outcomes]);
    return { written: written.map(({ id }) => id), refused };
  } catch (error) {
    if (!(error instanceof OutcomesHeldError)) throw error;
    const others = outcomes.filter((outcome) => !error.held.includes(outcome));
    const later = await settleHeld(queue, error.held);
    return { written: [...others.map(({ claim }) => claim.id), ...later.written], refused: later.refused };
  }
}
