import { Injectable } from '@nestjs/common';
import { type Facts, changesBetween, recordAction } from '../../audit-record/index.js';
import { Postgres, type Session } from '../../database/index.js';
import { BAR_QUEUE, LOCK_PAUSE, PAUSE_QUEUE, RESUME_QUEUE } from './queues.sql.js';
import { announceOpening, announcePause } from '../line/wakeups.js';

/** Who pauses a queue, why and until when; null = nothing was said, and until somebody resumes it. */
export interface Pause {
  readonly by: string;
  readonly reason: string | null;
  readonly until: Date | null;
}

/** Stops the claims of a queue and lets them go on. Running jobs are left alone. */
@Injectable()
export class Pauses {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Pauses a queue, or changes the reason and end of its pause. Once this has resolved no claim of the queue commits
   * any more, in whatever process. Answers whether there is such a queue.
   */
  pause(queue: string, { by, reason, until }: Pause): Promise<boolean> {
    return this.postgres.transaction(async (session) => {
      await session.query(BAR_QUEUE, [queue]);
      const before = await pauseOf(session, queue);
      const { rowCount } = await session.query(PAUSE_QUEUE, [queue, by, reason, until]);
      if (before) {
        const changes = changesBetween(before, { isPaused: true, reason, until });
        await recordAction(session, { action: 'queue.pause', subject: queue, queue, ...changes });
        await announcePause(session, queue, until);
      }
      return rowCount === 1;
    });
  }

  /** Ends a pause, if there is one; workers claim again at once. Answers whether there is such a queue. */
  resume(queue: string): Promise<boolean> {
    return this.postgres.transaction(async (session) => {
      const before = await pauseOf(session, queue);
      const { rowCount } = await session.query(RESUME_QUEUE, [queue]);
      if (before) await announceOpening(session, queue);
      if (before?.isPaused) {
        const changes = changesBetween(before, { isPaused: false });
        await recordAction(session, { action: 'queue.resume', subject: queue, queue, ...changes });
      }
      return rowCount === 1;
    });
  }
}

async function pauseOf(session: Session, queue: string): Promise<Facts | undefined> {
  return (await session.query(LOCK_PAUSE, [queue])).rows[0];
}
