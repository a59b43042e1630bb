import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { announceRoom } from '../line/wakeups.js';
import { OPEN_KEYS } from './limits.sql.js';

/** The places that running jobs hold where only so many may run at once. */
@Injectable()
export class Capacity {
  /** Tells who waits for the places of jobs that run no more; the last of what a settle locks. */
  async giveBack(
    session: Session,
    ended: readonly Pick<Job, 'queue' | 'limited' | 'limitKey'>[],
  ): Promise<void> {
    const limited = ended.filter((job) => job.limited);
    if (limited.length === 0) return;
    const keyed = limited.filter(({ limitKey }) => limitKey !== null);
    if (keyed.length > 0) {
      const [queues, keys] = [keyed.map(({ queue }) => queue), keyed.map(({ limitKey }) => limitKey)];
      await session.query(OPEN_KEYS, [queues, keys]);
    }
    await announceRoom(session, [...new Set(limited.map(({ queue }) => queue))]);
  }
}
