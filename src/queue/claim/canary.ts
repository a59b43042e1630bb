import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import { Postgres, type Transaction, hasSqlState } from '../../database/index.js';
import { STORE_PLAIN_JOBS } from '../enqueue/enqueue.sql.js';
import { LIMITED } from '../limits/limits.sql.js';
import { Engine } from '../line/engine.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { SETTLE_JOBS } from '../settle/settle.sql.js';
import { GO_FIRST, SELECT_PAUSED } from './canary.sql.js';
import { CLAIM_FROM_LINE } from './claim.sql.js';

/** No handler has such a type: the dot keeps it apart from all that can be registered. */
const TYPE = 'roundhouse.canary';

const PATIENCE_MS = '200';

/** Ends the transaction of a canary, which must leave nothing behind. */
class FlownError extends Error {}

/** A canary did not come through: a job of the queue would not either. */
class CanaryLostError extends Error {}

/**
 * A job that goes the way of every job, is stored, lined up, claimed and settled by the statements that do it for all, in
 * one transaction that is rolled back. So it proves that a job could, and nobody ever sees it: no list, count, limit, webhook
 * or neighbour in line.
 */
@Injectable()
export class Canary {
  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * Sends one through a queue, for a worker.
   * @returns false when the queue is paused, has limits, or is not an ordinary one: then none goes through
   * @throws Error when it did not come through: a job would not either
   */
  async fly(queue: string, workerId: string): Promise<boolean> {
    await this.engine.ensureQueue(queue);
    if (!this.engine.hasPlainLine(queue)) return false;
    try {
      return await this.postgres.transaction(async (transaction) => {
        if (!(await this.passesThrough(transaction, queue, workerId))) return false;
        throw new FlownError();
      });
    } catch (error) {
      if (error instanceof FlownError) return true;
      if (hasSqlState(error, LIMITED)) return false;
      throw error;
    }
  }

  private async passesThrough(transaction: Transaction, queue: string, workerId: string): Promise<boolean> {
    const { rows: found } = await transaction.query<{ isPaused: boolean }>(SELECT_PAUSED, [queue]);
    if (found[0]?.isPaused !== false) return false;
    const id = this.ids.next();
    const steps = [
      ['stored', () => transaction.run(STORE_PLAIN_JOBS, [...rowsOf(id, queue), TICKET_HORIZON_MS])],
      ['lined up', () => transaction.query(GO_FIRST, [id, queue])],
      ['claimed', () => transaction.run(CLAIM_FROM_LINE, [1, queue, workerId, null, [TYPE], 1, PATIENCE_MS])],
      ['settled', () => transaction.query(SETTLE_JOBS, [settlementOf(id), TICKET_HORIZON_MS, PATIENCE_MS])],
    ] as const;
    for (const [name, step] of steps) {
      const { rowCount } = await step();
      if (rowCount !== 1) throw new CanaryLostError(`A canary in queue "${queue}" was not ${name}`);
    }
    return true;
  }
}

function rowsOf(id: string, queue: string): [jobs: string, moulds: string] {
  const mould = { mould: 0, type: TYPE, queue, priority: 1, max_attempts: 1, backoff: {}, timeout: 1 };
  return [
    JSON.stringify([{ id, payload: {}, mould: 0 }]),
    JSON.stringify([{ ...mould, created_by: TYPE, trace_parent: null }]),
  ];
}

function settlementOf(id: string): string {
  const counts = { delay_ms: 0, raise: 0, interruptions: 0, interruptions_alone: 0 };
  const end = { held: 'PROCESSING', attempt: 1, status: 'COMPLETED', event: 'completed' };
  return JSON.stringify([{ id, ...end, ...counts, result: null, error: null }]);
}
