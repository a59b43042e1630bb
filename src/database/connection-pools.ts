import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { divideConnections } from './connection.js';
import { type PoolUsage, usageOf } from './pool-usage.js';
import { Postgres } from './postgres.js';

/** A pool of this process: `hot` has what moves jobs, `app` has reads and the callers' transactions. */
export interface SeenPool extends PoolUsage {
  readonly pool: 'hot' | 'app';
  /** Connections it may open. */
  readonly max: number;
}

const UNUSED: PoolUsage = { busy: 0, idle: 0, waiting: 0 };

/** The pools of this process, to look at. */
@Injectable()
export class ConnectionPools {
  constructor(
    private readonly postgres: Postgres,
    @InjectDataSource() private readonly source: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get all(): SeenPool[] {
    const { hot, app } = divideConnections(this.config.database.poolMax);
    // TypeORM has no other way to its pool, and none at all before it is initialised.
    const { master } = this.source.driver as { master?: pg.Pool };
    return [
      { pool: 'hot', max: hot, ...this.postgres.usage },
      { pool: 'app', max: app, ...(master ? usageOf(master) : UNUSED) },
    ];
  }
}
