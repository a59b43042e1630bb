import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { DatabaseClock } from '../../common/index.js';
import { isPassing, refuseOldSchema, refuseRejection, sayUnreachable } from '../../database/index.js';
import { Engine } from './engine.js';

const FIRST_RETRY_MS = 250;

/** Also the longest time that a process stays unready when its database is back. */
const LONGEST_RETRY_MS = 1_000;

/**
 * Connects a process to its database and refuses one that does not fit this build. A database that is away holds
 * nobody up: the process starts without it, unready, and goes on trying.
 */
@Injectable()
export class QueueReadiness implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(QueueReadiness.name);
  private readonly stopping = new AbortController();
  private readonly arrival = Promise.withResolvers<void>();
  private hasArrived = false;

  /** Resolves when the database is there and fits; rejects, with what to do, when it will not do. */
  readonly ready: Promise<void> = this.arrival.promise;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly engine: Engine,
    private readonly clock: DatabaseClock,
  ) {
    // Whoever starts the process asks; a process that is built for other ends need not.
    this.ready.catch(() => undefined);
  }

  get isReady(): boolean {
    return this.hasArrived;
  }

  /** One try is waited for, so that whatever is wrong for good is said before anything else happens. */
  async onModuleInit(): Promise<void> {
    const failure = await this.tryToConnect();
    if (failure === undefined) return;
    this.logger.warn(`Waiting for the database. ${sayUnreachable(failure)}`);
    void this.keepTrying().catch((error: unknown) => this.arrival.reject(error));
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.stopping;
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(LONGEST_RETRY_MS, 2 * delay)) {
      await pause(delay, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if ((await this.tryToConnect()) === undefined) {
        this.logger.log('The database is there');
        return;
      }
    }
  }

  /** Answers with what will pass. @throws UnsuitableDatabaseError, and whatever will not */
  private async tryToConnect(): Promise<unknown> {
    try {
      await this.connect();
      this.hasArrived = true;
      this.arrival.resolve();
      return undefined;
    } catch (error) {
      refuseRejection(error);
      if (!isPassing(error)) throw error;
      return error;
    }
  }

  private async connect(): Promise<void> {
    if (!this.source.isInitialized) await this.source.initialize();
    await refuseOldSchema(this.source);
    await this.engine.start();
    const [row] = await this.source.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    if (row) this.clock.set(row.now);
  }
}
