import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DatabaseClock, messageOf } from '../../common/index.js';
import { isPassing, refuseOldSchema } from '../../database/index.js';
import { Engine } from './engine.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** Holds the start of a process until the database is there, and refuses one that does not fit this build. */
@Injectable()
export class QueueReadiness implements OnModuleInit {
  private readonly logger = new Logger(QueueReadiness.name);

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly engine: Engine,
    private readonly clock: DatabaseClock,
  ) {}

  async onModuleInit(): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        await this.connect();
        return;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (failures === 0) this.logger.warn(`Waiting for the database: ${messageOf(error)}`);
        await new Promise((done) =>
          setTimeout(done, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)),
        );
      }
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
