import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { BAR_QUEUE } from '../claim/queues.sql.js';
import { announceOpening } from '../line/wakeups.js';
import type { Limits } from './limits.js';
import { FORGET_KEYS, MARK_RUNNING, OPEN_ALL_KEYS, UNPARK_ALL, UPDATE_LIMITS } from './settings.sql.js';

/** Sets the limits of queues. */
@Injectable()
export class LimitSettings {
  /**
   * Waits for the claims of a queue that are under way, and keeps others waiting until the transaction ends: the next
   * claim of it, on whatever worker, is made by the limits that are set then. Before anything else that it locks.
   */
  async hold(session: Session, queue: string): Promise<void> {
    await session.query(BAR_QUEUE, [queue]);
  }

  /** Changes the limits of a queue that is held. Null = none. Jobs that run go on, and count. */
  async set(session: Session, queue: string, limits: Limits | null): Promise<void> {
    await session.query(UPDATE_LIMITS, [queue, limits === null ? null : JSON.stringify(limits)]);
    if (limits) await session.query(MARK_RUNNING, [queue]);
    if (limits?.per_key) await session.query(OPEN_ALL_KEYS, [queue]);
    else {
      await session.query(UNPARK_ALL, [queue]);
      await session.query(FORGET_KEYS, [queue]);
    }
    await announceOpening(session, queue);
  }
}
