import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../../database/index.js';
import { BAR_QUEUE } from '../claim/queues.sql.js';
import { announceOpening } from '../line/wakeups.js';
import type { Limits } from './limits.js';
import {
  FORGET_KEYS,
  MARK_RUNNING,
  MOST_RELEASED,
  OPEN_ALL_KEYS,
  RELEASE_PARKED,
  SELECT_UNRELEASED,
  UPDATE_LIMITS,
} from './settings.sql.js';

/** Before the id of any job. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** How long (ms) parked tickets are given their place again at a time; a hundred thousand take some seconds. */
const LONGEST_RELEASE_MS = 2_000;

/** Sets the limits of queues. */
@Injectable()
export class LimitSettings {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Waits for the claims of a queue that are under way, and keeps others waiting until the transaction ends: the next
   * claim of it, on whatever worker, is made by the limits that are set then. Before anything else that it locks.
   */
  async hold(session: Session, queue: string): Promise<void> {
    await session.query(BAR_QUEUE, [queue]);
  }

  /**
   * Changes the limits of a queue that is held. Null = none. Jobs that run go on, and count. Once it is committed, `release`
   * puts back in line what the limits of keys had put aside.
   */
  async set(session: Session, queue: string, limits: Limits | null): Promise<void> {
    await session.query(UPDATE_LIMITS, [queue, limits === null ? null : JSON.stringify(limits)]);
    if (limits) await session.query(MARK_RUNNING, [queue]);
    if (limits?.per_key) await session.query(OPEN_ALL_KEYS, [queue]);
    await announceOpening(session, queue);
  }

  /** Puts back in line what no limit of a key holds any more, as much as two seconds are enough for. */
  async release(queue: string): Promise<void> {
    const until = performance.now() + LONGEST_RELEASE_MS;
    let after = NO_ID;
    do {
      const { count, last } = await this.releaseSome(queue, after);
      if (count < MOST_RELEASED || last === null) {
        await this.forgetKeys(queue);
        return;
      }
      after = last;
    } while (performance.now() < until);
  }

  /** The same for all queues: whoever changed the limits may have died, or had not the time for all. */
  async sweep(): Promise<void> {
    const { rows } = await this.postgres.query<{ queue: string }>(SELECT_UNRELEASED);
    for (const { queue } of rows) await this.release(queue);
  }

  /** Claims by new limits of keys, which may have come meanwhile, must not put tickets aside of keys that go. */
  private forgetKeys(queue: string): Promise<void> {
    return this.postgres.transaction(async (session) => {
      await this.hold(session, queue);
      await session.query(FORGET_KEYS, [queue]);
    });
  }

  private releaseSome(queue: string, after: string): Promise<{ count: number; last: string | null }> {
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<{ count: number; last: string | null }>(RELEASE_PARKED, [
        queue,
        after,
      ]);
      const [released = { count: 0, last: null }] = rows;
      if (released.count > 0) await announceOpening(session, queue);
      return released;
    });
  }
}
