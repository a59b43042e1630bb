import { Injectable } from '@nestjs/common';
import { portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { Engine } from './engine.js';
import type { Job } from '../job.entity.js';
import { NEXT_DUE_TICKET } from './ticket.sql.js';
import { kindOf } from '../suspicion.js';

/** Jobs due within this time (ms) have a ticket; later ones get theirs from the promoter. */
export const TICKET_HORIZON_MS = 60_000;

/** What a place in line is made from. */
export type Waiting = Pick<
  Job,
  'id' | 'queue' | 'type' | 'priority' | 'attempts' | 'interruptions' | 'scheduledAt'
>;

/** A place in line that was taken out of it. */
export interface Ticket {
  readonly id: string;
  /** The job's type, and whether it must run alone. */
  readonly kind: string;
}

/** A look at the tickets that were not due yet. Times are the database's. */
export interface NextDue {
  /** Null = there is none. */
  readonly at: Date | null;
  readonly lookedAt: Date;
}

/**
 * The places in line. A ticket carries the job's id, its kind as the group, its priority and its start time,
 * nothing else; it exists while the job waits for its turn within the next minute, and a claim consumes it.
 */
@Injectable()
export class Tickets {
  constructor(private readonly engine: Engine) {}

  /** Puts jobs in line. @throws Error when the engine did not take every one */
  async insert(session: Session, waiting: readonly Waiting[]): Promise<void> {
    for (const [queue, jobs] of byQueue(waiting)) {
      for (const portion of portions(jobs)) await this.insertInto(queue, session, portion);
    }
  }

  /** Takes the next jobs out of the line, passing by those of kinds that the caller cannot start. */
  async take(
    session: Session,
    queue: string,
    limit: number,
    unfitKinds: readonly string[],
  ): Promise<Ticket[]> {
    const db = over(session);
    const ignoreGroups = unfitKinds.length > 0 ? [...unfitKinds] : null;
    const fetched = await this.engine.withQueue(queue, () =>
      this.engine.boss.fetch(queue, { db, batchSize: limit, ignoreGroups }),
    );
    if (fetched.length === 0) return [];
    await this.engine.boss.deleteJob(
      queue,
      fetched.map((ticket) => ticket.id),
      { db },
    );
    return fetched.map((ticket) => ({ id: ticket.id, kind: ticket.groupId ?? '' }));
  }

  /** When the first ticket of a queue that was not due at `since` will be, or was. */
  async nextDue(session: Session, queue: string, since: Date): Promise<NextDue> {
    const { rows } = await session.query<NextDue>(NEXT_DUE_TICKET, [queue, since]);
    return rows[0] ?? { at: null, lookedAt: since };
  }

  /** Removes tickets from the line, wherever they stand. */
  async remove(session: Session, tickets: readonly { id: string; queue: string }[]): Promise<void> {
    for (const [queue, jobs] of byQueue(tickets)) {
      for (const portion of portions(jobs)) {
        const ids = portion.map((job) => job.id);
        await this.engine.withQueue(queue, () =>
          this.engine.boss.deleteJob(queue, ids, { db: over(session) }),
        );
      }
    }
  }

  /**
   * Removes the tickets that jobs got after theirs were removed and before their rows were locked, as when a lock came
   * to them in that moment. A job that does not wait for its turn any more must not keep one: it would start by it.
   */
  async removeNewer(
    session: Session,
    locked: readonly Pick<Job, 'id' | 'queue' | 'ticketed'>[],
  ): Promise<void> {
    await this.remove(
      session,
      locked.filter((job) => job.ticketed),
    );
  }

  /** Removes and inserts: a second insert of an id would be skipped without a word. */
  async replace(session: Session, waiting: readonly Waiting[]): Promise<void> {
    await this.remove(session, waiting);
    await this.insert(session, waiting);
  }

  private async insertInto(queue: string, session: Session, jobs: readonly Waiting[]): Promise<void> {
    const tickets = jobs.map((job) => ({
      id: job.id,
      priority: enginePriority(job),
      startAfter: job.scheduledAt.toISOString(),
      group: { id: kindOf(job) },
    }));
    const insert = () =>
      this.engine.withQueue(queue, async () => {
        const taken = await this.engine.boss.insert(queue, tickets, { db: over(session), returnId: true });
        return taken?.length ?? 0;
      });
    let inserted = await insert();
    // The engine skips, without a word, what is meant for a queue that was deleted a moment ago.
    if (inserted === 0 && (await this.engine.restoreQueue(queue))) inserted = await insert();
    if (inserted !== tickets.length)
      throw new Error(`The queue engine took ${inserted} of ${tickets.length} tickets for ${queue}`);
  }
}

/** The engine takes the highest number first; ours is 1 first. Jobs that had started before go first among equals. */
function enginePriority({ priority, attempts }: Waiting): number {
  return 2 * (11 - priority) + (attempts > 0 ? 1 : 0);
}

function over(session: Session) {
  return { executeSql: (text: string, values?: unknown[]) => session.query(text, values) };
}

function byQueue<T extends { queue: string }>(items: readonly T[]): Map<string, T[]> {
  return Map.groupBy(items, (item) => item.queue);
}
