import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { isPassing, isQueryCanceled } from '../database/index.js';
import { type Managed, QueueService } from '../queue/index.js';
import { type BulkOperation, actorOf } from './bulk-operation.js';

/** What became of one job. */
export type Fate = Pick<Managed, 'id' | 'code' | 'detail'> & {
  readonly result: Managed['result'] | 'failed';
};

/** Does to jobs what an operation is for. */
@Injectable()
export class ManagedJobs {
  private readonly logger = new Logger('BulkOperation');

  constructor(private readonly queue: QueueService) {}

  /**
   * Changes jobs. One that makes the whole chunk fail is found and reported, and the others are changed.
   * @throws what passes, such as the loss of the database: the chunk is to be tried again
   */
  async change(operation: BulkOperation, ids: readonly string[]): Promise<Fate[]> {
    if (ids.length === 0) return [];
    try {
      return await this.act(operation, ids);
    } catch (error) {
      if (isPassing(error) && !isTooMuch(error, ids)) throw error;
      if (ids.length > 1) return this.changeHalves(operation, ids);
      this.logger.error(`Job ${ids[0]}: ${operation.action} failed: ${messageOf(error)}`);
      return ids.map((id) => ({ id, result: 'failed', code: 'internal_error', detail: WENT_WRONG }));
    }
  }

  private async act(operation: BulkOperation, ids: readonly string[]): Promise<Managed[]> {
    const actor = actorOf(operation);
    switch (operation.action) {
      case 'cancel':
        return this.queue.cancel(ids, actor);
      case 'retry':
        return this.queue.retry(ids, actor);
      case 'run_now':
        return this.queue.runNow(ids, actor);
      case 'discard': {
        const discarded = await this.queue.discard(ids);
        this.tell(discarded, actor);
        return discarded;
      }
    }
  }

  private async changeHalves(operation: BulkOperation, ids: readonly string[]): Promise<Fate[]> {
    const middle = ids.length >> 1;
    const first = await this.change(operation, ids.slice(0, middle));
    return [...first, ...(await this.change(operation, ids.slice(middle)))];
  }

  private tell(discarded: readonly Managed[], actor: string): void {
    for (const { id, result } of discarded) {
      if (result === 'done') this.logger.log(`Job ${id}: discarded by ${actor}`);
    }
  }
}

/** The server gave up a statement that took too long: with payloads of a megabyte, a whole chunk may be too much. */
function isTooMuch(error: unknown, ids: readonly string[]): boolean {
  return ids.length > 1 && isQueryCanceled(error);
}

const WENT_WRONG =
  'Something went wrong on our side. The log of the worker has the details under the id of the job.';
