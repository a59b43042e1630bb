import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { Keys } from '../queue/index.js';
import { DELETE_OLD_WORKERS } from './workers.sql.js';

/** Throws away what nobody needs any more: workers long gone, keys that hold nobody back. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly postgres: Postgres,
    private readonly keys: Keys,
  ) {}

  async tidy(): Promise<void> {
    await this.postgres.query(DELETE_OLD_WORKERS);
    await this.keys.sweep();
  }
}
