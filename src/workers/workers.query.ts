import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DomainError, isUuid } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { LIST_WORKERS, SELECT_WORKER } from './workers.sql.js';

/** What a worker can be in; `lost` = silent for longer than a living one may be. */
export const WORKER_STATES = ['running', 'draining', 'stopped', 'lost'] as const;

export type WorkerState = (typeof WORKER_STATES)[number];

/** A worker as the database knows it. */
export interface Worker {
  readonly id: string;
  readonly isExternal: boolean;
  readonly hostname: string;
  readonly pid: number | null;
  readonly version: string;
  readonly queues: string[];
  readonly slots: number;
  readonly busy: number;
  readonly stuck: number;
  readonly types: string[];
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  readonly state: WorkerState;
  /** It lives, has free slots and could not take jobs for CANARY_TIMEOUT. */
  readonly takesNothing: boolean;
  readonly jobIds: string[];
}

const DEFAULT_LIMIT = 50;

/** Reads workers. */
@Injectable()
export class WorkersQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws DomainError worker_not_found, also when the id cannot be one */
  async get(id: string): Promise<Worker> {
    const { deadAfterSeconds, canaryTimeoutSeconds } = this.config.worker;
    const rows = isUuid(id)
      ? await this.source.query<Worker[]>(SELECT_WORKER, [deadAfterSeconds, canaryTimeoutSeconds, id])
      : undefined;
    const worker = rows?.[0];
    if (!worker)
      throw new DomainError('worker_not_found', `There is no worker "${id}". GET /workers lists them.`);
    return worker;
  }

  /** A page of workers, the newest first, and the cursor of the next page. */
  async list({ limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }): Promise<{
    workers: Worker[];
    nextCursor: string | null;
  }> {
    const last = cursor === undefined ? undefined : decodeCursor(cursor);
    const { deadAfterSeconds, canaryTimeoutSeconds } = this.config.worker;
    const values = [deadAfterSeconds, canaryTimeoutSeconds, limit + 1, last?.startedAt, last?.id];
    const rows = await this.source.query<Worker[]>(LIST_WORKERS, values);
    const workers = rows.slice(0, limit);
    const end = rows.length > limit ? workers.at(-1) : undefined;
    return { workers, nextCursor: end ? encodeCursor(end) : null };
  }
}
