import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import { type Limit, type Limits, rateOf } from './limits.js';
import { nextStart } from './rate.js';
import { SELECT_USAGE } from './settings.sql.js';

/** How much of a limit is used. */
export interface LimitUsage {
  readonly limit: Limit;
  /** Jobs that run. */
  readonly running: number;
  /** When the rate lets the next job start; null = at once. */
  readonly nextStartAt: Date | null;
}

/** The limits of a queue and what is used of them now. */
export interface QueueLimits {
  readonly limits: Limits;
  readonly queue: LimitUsage;
  /** That of the key that was asked for; undefined = the queue has no limits of keys, or none was asked for. */
  readonly key: LimitUsage | undefined;
  /** Keys that have more jobs in line than their limit lets start. */
  readonly keysHeldBack: number;
}

interface UsageRow {
  readonly name: string;
  readonly limits: Limits;
  readonly now: Date;
  readonly tat: number | null;
  readonly running: number;
  readonly keysHeldBack: number;
  readonly keyTat: number | null;
  readonly keyRunning: number;
}

/** What is used of limits. */
@Injectable()
export class LimitUsages {
  constructor(private readonly postgres: Postgres) {}

  /** By queue, of one queue or of all; those without limits are missing. */
  async of(queue: string | null, key: string | null = null): Promise<ReadonlyMap<string, QueueLimits>> {
    const { rows } = await this.postgres.query<UsageRow>(SELECT_USAGE, [queue, key]);
    return new Map(rows.map((row) => [row.name, toQueueLimits(row, key !== null)]));
  }
}

function toQueueLimits(row: UsageRow, hasKey: boolean): QueueLimits {
  const { limits, now, running, keysHeldBack } = row;
  const perKey = limits.per_key;
  return {
    limits,
    keysHeldBack,
    queue: { limit: limits, running, nextStartAt: nextStartAt(limits, row.tat, now) },
    key:
      perKey && hasKey
        ? { limit: perKey, running: row.keyRunning, nextStartAt: nextStartAt(perKey, row.keyTat, now) }
        : undefined,
  };
}

function nextStartAt(limit: Limit, tat: number | null, now: Date): Date | null {
  const rate = rateOf(limit);
  const at = rate ? nextStart(rate, tat, now.getTime()) : -Infinity;
  return at > now.getTime() ? new Date(Math.ceil(at)) : null;
}
