import { Inject, Injectable } from '@nestjs/common';
import { recordAction } from '../audit-record/index.js';
import { DomainError } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { notifyWorkers } from '../queue/index.js';
import { type Worker, WorkersQuery } from './workers.query.js';
import { REQUEST_DRAIN } from './workers.sql.js';

/** Tells workers what to do. */
@Injectable()
export class WorkersService {
  constructor(
    private readonly postgres: Postgres,
    private readonly workers: WorkersQuery,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Asks a worker to claim no more, to finish its jobs and to end. Asking again changes nothing.
   * @throws DomainError worker_not_found, worker_state_conflict when it has ended
   */
  async drain(id: string): Promise<Worker> {
    const { id: workerId } = await this.workers.get(id);
    const asked = await this.postgres.transaction(async (session) => {
      const { deadAfterSeconds } = this.config.worker;
      const { rowCount } = await session.query(REQUEST_DRAIN, [deadAfterSeconds, workerId]);
      if (rowCount) {
        await recordAction(session, { action: 'worker.drain', subject: workerId });
        await notifyWorkers(session, [workerId]);
      }
      return rowCount === 1;
    });
    const worker = await this.workers.get(workerId);
    if (!asked) {
      const detail = worker.isExternal
        ? 'This worker is external and cannot be told to drain: let it ask for no more leases'
        : `This worker is ${worker.state} and cannot drain: GET /workers lists those that run`;
      throw new DomainError('worker_state_conflict', detail, { members: { state: worker.state } });
    }
    return worker;
  }
}
