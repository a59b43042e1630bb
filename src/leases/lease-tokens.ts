import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { type LeaseOf, fromToken, toToken } from './lease-token.js';
import { SELECT_KEY } from './leases.sql.js';

/** Makes and reads the tokens of leases, with the key that all processes share. */
@Injectable()
export class LeaseTokens {
  private key: string | undefined;

  constructor(private readonly postgres: Postgres) {}

  async make(leases: readonly LeaseOf[]): Promise<string[]> {
    const key = await this.getKey();
    return leases.map((lease) => toToken(lease, key));
  }

  /** @throws DomainError lease_not_found when nobody was given this token */
  async read(token: string): Promise<LeaseOf> {
    const lease = fromToken(token, await this.getKey());
    if (lease) return lease;
    throw new DomainError(
      'lease_not_found',
      'This is not a lease_token that POST /leases gave out: send the one of your lease, unchanged',
    );
  }

  private async getKey(): Promise<string> {
    if (this.key !== undefined) return this.key;
    const { rows } = await this.postgres.query<{ key: string }>(SELECT_KEY);
    if (!rows[0])
      throw new Error('The table lease_key is empty: restore its row, or insert a long random text');
    this.key = rows[0].key;
    return this.key;
  }
}
