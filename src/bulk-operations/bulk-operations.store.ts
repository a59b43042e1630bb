import { Injectable } from '@nestjs/common';
import { recordAction } from '../audit-record/index.js';
import { Postgres, type Session } from '../database/index.js';
import { type BulkOperation, type Reasons, actorOf } from './bulk-operation.js';
import {
  BEGIN_OPERATION,
  COMPLETE_OPERATION,
  PLAN_CHUNK,
  RECORD_CHUNK,
  RECORD_MATCHED,
  SELECT_CHANGED,
} from './bulk-operations.sql.js';
import type { Count } from './matching-jobs.query.js';

/** What became of the jobs of a chunk. */
export interface Tally {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly reasons: Reasons;
}

/** Keeps how far an operation has come. Only the latest attempt of its job may write. */
@Injectable()
export class BulkOperationsStore {
  constructor(private readonly postgres: Postgres) {}

  /** Takes an operation over for an attempt of its job; undefined when there is none, or a later attempt has it. */
  async begin(id: string, attempt: number): Promise<BulkOperation | undefined> {
    const { rows } = await this.postgres.query<BulkOperation>(BEGIN_OPERATION, [id, attempt]);
    return rows[0];
  }

  recordMatched(operation: BulkOperation, count: Count, sample: readonly string[]): Promise<void> {
    return this.write(RECORD_MATCHED, operation, [count.matched, count.isExact, sample]);
  }

  planChunk(operation: BulkOperation, ids: readonly string[]): Promise<void> {
    return this.write(PLAN_CHUNK, operation, [ids]);
  }

  recordChunk(operation: BulkOperation, { done, skipped, failed, reasons }: Tally): Promise<void> {
    return this.write(RECORD_CHUNK, operation, [done, skipped, failed, JSON.stringify(reasons)]);
  }

  /** Puts on record what it came to, in the name of whoever wanted it. */
  complete(operation: BulkOperation, { done, skipped, failed }: Tally): Promise<void> {
    const { id, action, createdBy: actor } = operation;
    return this.postgres.transaction(async (session) => {
      await write(session, COMPLETE_OPERATION, operation, []);
      const after = { action, done, skipped, failed };
      await recordAction(session, { action: 'bulk_operation.complete', subject: id, after, actor });
    });
  }

  /** The jobs that this operation has changed already: an attempt before this one died before it could say so. */
  async changedBefore(operation: BulkOperation, ids: readonly string[]): Promise<Set<string>> {
    const values = [ids, actorOf(operation), operation.action === 'discard'];
    const { rows } = await this.postgres.query<{ id: string }>(SELECT_CHANGED, values);
    return new Set(rows.map((row) => row.id));
  }

  private write(statement: string, operation: BulkOperation, values: unknown[]): Promise<void> {
    return write(this.postgres, statement, operation, values);
  }
}

async function write(
  session: Session,
  statement: string,
  { id, attempt }: BulkOperation,
  values: unknown[],
): Promise<void> {
  const { rowCount } = await session.query(statement, [id, attempt, ...values]);
  if (rowCount === 0) throw new Error(`Another attempt works on the bulk operation ${id}: this one ends`);
}
