import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { version } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { ExternalTypes } from '../queue/index.js';
import { HandlerRegistry } from './handler-registry.js';

/** Who this worker is: a new id at every start, so that a restarted worker never inherits old claims. */
@Injectable()
export class WorkerIdentity {
  readonly id: string;
  readonly hostname = hostname();
  readonly pid = process.pid;
  readonly version = version;
  readonly queues: readonly string[];
  readonly slots: number;

  constructor(
    @Inject(CONFIG) { processId, worker }: Config,
    private readonly handlers: HandlerRegistry,
    private readonly external: ExternalTypes,
  ) {
    this.id = processId;
    this.queues = worker.queues.map((pool) => pool.queue);
    const ownSlots = worker.queues.reduce((sum, pool) => sum + (pool.slots ?? 0), 0);
    this.slots = ownSlots > 0 ? ownSlots : worker.concurrency;
  }

  /** The job types it runs: those it has handlers for, but for those that external workers run. */
  async types(): Promise<string[]> {
    this.handlers.cede(await this.external.names());
    return this.handlers.handledTypes();
  }
}
