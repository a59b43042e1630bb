import { Injectable } from '@nestjs/common';
import { Recent } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import type { ApiKeyState } from './api-key.js';
import { SELECT_CREDENTIAL } from './api-keys.sql.js';

/** A key is looked up at most once in this time (ms), and one that was revoked is refused after it. */
const TRUSTED_MS = 2_000;

/** A key may have been rotated since it was looked up; whoever guesses makes us look no more often than this (ms). */
const LOOKED_AGAIN_AFTER_MS = 100;

/** More than this are not in use at the same time, unless somebody makes them up. */
const MOST_KNOWN = 10_000;

/** What a request is held against. */
export interface Credential {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly state: ApiKeyState;
  readonly digest: string;
  /** Null = the key before the latest rotation is not accepted any more. */
  readonly previousDigest: string | null;
}

interface Look {
  readonly found: Promise<Credential | undefined>;
  readonly lookedAt: number;
  /** Whether it was made because a key did not fit. */
  readonly isAgain: boolean;
}

/** API keys as they were a moment ago, so that a busy caller costs no statement a request. */
@Injectable()
export class KnownKeys {
  private readonly looks = new Recent<Look>(MOST_KNOWN);

  constructor(private readonly postgres: Postgres) {}

  /** The key of this id, as it was at most a moment ago. */
  find(id: string): Promise<Credential | undefined> {
    const known = this.looks.get(id);
    return known && ageOf(known) < TRUSTED_MS ? known.found : this.look(id, false);
  }

  /** The same for one that did not fit as it was known: it is read anew, unless that was done just now. */
  findAgain(id: string): Promise<Credential | undefined> {
    const known = this.looks.get(id);
    return known?.isAgain && ageOf(known) < LOOKED_AGAIN_AFTER_MS ? known.found : this.look(id, true);
  }

  /** Its age counts from before it is read, so that a slow answer is not trusted for longer. */
  private look(id: string, isAgain: boolean): Promise<Credential | undefined> {
    const lookedAt = performance.now();
    const look = { found: this.read(id), lookedAt, isAgain };
    this.looks.set(id, look);
    // A failure is told to those who wait for this look; whoever comes next tries again.
    look.found.catch(() => {
      if (this.looks.get(id) === look) this.looks.delete(id);
    });
    return look.found;
  }

  private async read(id: string): Promise<Credential | undefined> {
    return (await this.postgres.query<Credential>(SELECT_CREDENTIAL, [id])).rows[0];
  }
}

function ageOf({ lookedAt }: Look): number {
  return performance.now() - lookedAt;
}
