import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import {
  COUNT_ABLE_WORKERS,
  COUNT_CAPACITY,
  COUNT_LIVE_WORKERS,
  COUNT_SERVING_WORKERS,
} from './workers.sql.js';

/** Live workers that take new jobs of a queue. */
export interface ServingWorkers {
  readonly workers: number;
  /** Those of them that have a handler for the type. */
  readonly knowing: number;
  /** How many jobs those can run at once. */
  readonly slots: number;
}

/** Workers that are to take jobs, and are not asked to drain. */
export interface WorkerAbilities {
  readonly takingJobs: number;
  /** They live and have free slots, and could not take jobs for CANARY_TIMEOUT. */
  readonly takingNothing: number;
}

/** Counts the workers that are alive. */
@Injectable()
export class LiveWorkersQuery {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Workers seen within `STALLED_WORKER_TIMEOUT`, in all processes on all machines. */
  async count(): Promise<number> {
    const { deadAfterSeconds } = this.config.worker;
    const { rows } = await this.postgres.query<{ total: number }>(COUNT_LIVE_WORKERS, [deadAfterSeconds]);
    return rows[0]?.total ?? 0;
  }

  /** Our own that run and serve any of these queues, null = all, and how many jobs they can run at once. */
  async capacity(queues: readonly string[] | null): Promise<Pick<ServingWorkers, 'workers' | 'slots'>> {
    const { deadAfterSeconds } = this.config.worker;
    const { rows } = await this.postgres.query<ServingWorkers>(COUNT_CAPACITY, [deadAfterSeconds, queues]);
    return rows[0] ?? { workers: 0, slots: 0 };
  }

  /** Of our own, which take jobs and which only seem to. */
  async abilities(): Promise<WorkerAbilities> {
    const { deadAfterSeconds, canaryTimeoutSeconds } = this.config.worker;
    const values = [deadAfterSeconds, canaryTimeoutSeconds];
    const { rows } = await this.postgres.query<WorkerAbilities>(COUNT_ABLE_WORKERS, values);
    return rows[0] ?? { takingJobs: 0, takingNothing: 0 };
  }

  /** Of those, the ones that take jobs of this queue, and of this type. */
  async serving(queue: string, type: string): Promise<ServingWorkers> {
    const { deadAfterSeconds } = this.config.worker;
    const { rows } = await this.postgres.query<ServingWorkers>(COUNT_SERVING_WORKERS, [
      deadAfterSeconds,
      queue,
      type,
    ]);
    return rows[0] ?? { workers: 0, knowing: 0, slots: 0 };
  }
}
