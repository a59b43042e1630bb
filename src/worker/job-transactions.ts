import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Gate, messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Pooler, Postgres, SERVER_PATIENCE, divideConnections, isConnectionLoss } from '../database/index.js';
import { type ClaimedJob, QueueService } from '../queue/index.js';

import { AttemptAborted } from './job-control.errors.js';
import { SELECT_COMPLETED, WAIT_FOR_JOB } from './job-transactions.sql.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 3_000;

/** Work that is to be committed together with its job's completion. */
type Work<T> = (manager: EntityManager) => Promise<T>;

/** Completes jobs in the transaction of their own writes, so that both take effect together and once. */
@Injectable()
export class JobTransactions {
  private readonly logger = new Logger(JobTransactions.name);
  private readonly gate: Gate;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly queue: QueueService,
    private readonly postgres: Postgres,
    private readonly pooler: Pooler,
    @Inject(CONFIG) { database }: Config,
  ) {
    // One connection is left for reads, those of the handlers themselves among them.
    this.gate = new Gate(divideConnections(database.poolMax).app - 1);
  }

  /**
   * Runs the work and settles the attempt as completed, in one transaction.
   * @throws what the work throws; AttemptAborted when the attempt was told to end; an error when the job was taken
   *   over meanwhile. In all these cases everything was rolled back
   */
  run<T>(job: ClaimedJob, signal: AbortSignal, work: Work<T>): Promise<T> {
    return this.gate.pass(signal, () => this.runNow(job, signal, work));
  }

  private async runNow<T>(job: ClaimedJob, signal: AbortSignal, work: Work<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction('READ COMMITTED');
      await this.pooler.equipTransaction(runner, SERVER_PATIENCE);
      const result = await work(runner.manager);
      signal.throwIfAborted();
      const tell = await this.complete(job, result, runner.manager);
      await this.commit(runner, job, signal);
      tell();
      return result;
    } catch (error) {
      await rollBack(runner, error);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Answers with what tells listeners, once it has committed. */
  private async complete(job: ClaimedJob, result: unknown, manager: EntityManager): Promise<() => void> {
    const outcome = { kind: 'completed', result } as const;
    const { written, tell } = await this.queue.settleWithin(manager, [{ claim: job, outcome }]);
    const [settled] = written;
    if (!settled)
      throw new Error(
        `Job ${job.id} was taken over while its transaction ran: everything was rolled back, and the other attempt counts`,
      );
    if (settled.status !== 'COMPLETED')
      throw new AttemptAborted('cancel', 'The job was cancelled while its transaction ran');
    return tell;
  }

  private async commit(runner: QueryRunner, job: ClaimedJob, signal: AbortSignal): Promise<void> {
    try {
      await runner.commitTransaction();
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      await abandon(runner);
      this.logger.warn(
        `Job ${job.id}: the connection was lost while its transaction committed; looking it up`,
      );
      if (await this.wasCommitted(job, signal)) return;
      throw new Error('The connection was lost before the transaction was committed', { cause: error });
    }
  }

  /** Asks until there is an answer. @throws the signal's reason when the attempt must end before */
  private async wasCommitted(job: ClaimedJob, signal: AbortSignal): Promise<boolean> {
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(2 * delay, LONGEST_RETRY_MS)) {
      signal.throwIfAborted();
      try {
        return await this.postgres.transaction(async (session) => {
          await session.query(WAIT_FOR_JOB, [job.id]);
          const { rows } = await session.query(SELECT_COMPLETED, [job.id, job.attempts]);
          return rows.length > 0;
        });
      } catch (error) {
        this.logger.debug(`Job ${job.id}: its commit cannot be looked up yet: ${messageOf(error)}`);
        await pause(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

async function rollBack(runner: QueryRunner, cause: unknown): Promise<void> {
  if (runner.isReleased || !runner.isTransactionActive) return;
  try {
    if (isConnectionLoss(cause)) await abandon(runner);
    else await runner.rollbackTransaction();
  } catch {
    await abandon(runner);
  }
}

/** A connection in doubt must not go back to its pool, which drops one that is ending. */
async function abandon(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const client = (await runner.connect()) as { end(): Promise<void> };
  void client.end().catch(() => undefined);
}
