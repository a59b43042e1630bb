import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { known } from './known.js';
import { SELECT_WRITABLE } from './metrics.sql.js';

/** How long (ms) an answer serves. */
const FRESH_MS = 1_000;

/** Whether this process can work with the database. */
@Injectable()
export class DatabaseUp {
  private readonly looks = new SharedLook(
    () => this.look(),
    () => FRESH_MS,
  );

  constructor(private readonly postgres: Postgres) {}

  /** Never rejects; a database that lets a scrape wait is down. */
  async read(): Promise<boolean> {
    return (await known(this.looks.read())) === true;
  }

  private async look(): Promise<boolean> {
    const { rows } = await this.postgres.query<{ isWritable: boolean }>(SELECT_WRITABLE);
    return rows[0]?.isWritable === true;
  }
}
