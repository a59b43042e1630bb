import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DomainError, isUuid } from '../common/index.js';
import type { BulkOperationWithJob } from './bulk-operation.js';
import { SELECT_OPERATION, SELECT_OPERATIONS } from './bulk-operations.sql.js';

/** Reads bulk operations. */
@Injectable()
export class BulkOperationsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** @throws DomainError bulk_operation_not_found */
  async get(id: string): Promise<BulkOperationWithJob> {
    const [operation] = isUuid(id)
      ? await this.source.query<BulkOperationWithJob[]>(SELECT_OPERATION, [id])
      : [];
    if (operation) return operation;
    throw new DomainError(
      'bulk_operation_not_found',
      `There is no bulk operation "${id}": GET /bulk-operations lists them`,
    );
  }

  /** The newest first, from before an operation on. */
  list(before: string | null, limit: number): Promise<BulkOperationWithJob[]> {
    return this.source.query<BulkOperationWithJob[]>(SELECT_OPERATIONS, [before, limit]);
  }
}
