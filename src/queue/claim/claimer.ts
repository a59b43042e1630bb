import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../../database/index.js';
import { Engine } from '../line/engine.js';
import { JobEvents } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { CLAIM_JOBS, SELECT_WAITING } from '../jobs.sql.js';
import { ENTER_QUEUE } from './queues.sql.js';
import { type NextDue, type Ticket, Tickets, type Waiting } from '../line/tickets.js';

/** Who claims, and what it can run. */
export interface Claimant {
  readonly workerId: string;
  /** Whether this worker has a handler for a type; jobs of other types keep their place in line. */
  readonly knows: (type: string) => boolean;
  /** Until when an external worker holds its jobs without a word; absent for our own workers. */
  readonly leaseExpiresAt?: Date;
}

/** A ticket of a type that the claimant cannot run was taken: the claim is rolled back and made without it. */
class UnknownTypeError extends Error {
  constructor(readonly types: readonly string[]) {
    super(`No handler for ${types.join(', ')}`);
  }
}

/** Hands out jobs. */
@Injectable()
export class Claimer {
  /** Types seen in line that some claimant of this process cannot run. */
  private readonly unknownTypes = new Set<string>();

  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
    private readonly tickets: Tickets,
    private readonly events: JobEvents,
  ) {}

  async claim(queue: string, limit: number, claimant: Claimant): Promise<Job[]> {
    await this.engine.ensureQueue(queue);
    const jobs = await this.claimKnown(queue, limit, claimant);
    if (jobs.length > 0) this.events.emit('claimed', jobs);
    return jobs.sort(startOrder);
  }

  /** When the first job of a queue that was not due at `since` comes due, if that is within a minute. */
  nextDue(queue: string, since: Date): Promise<NextDue> {
    return this.tickets.nextDue(this.postgres, queue, since);
  }

  /** The names of all queues there are. */
  queueNames(): Promise<string[]> {
    return this.engine.queueNames();
  }

  private async claimKnown(queue: string, limit: number, claimant: Claimant): Promise<Job[]> {
    try {
      return await this.postgres.transaction((session) => this.take(session, queue, limit, claimant));
    } catch (error) {
      if (!(error instanceof UnknownTypeError)) throw error;
      for (const type of error.types) this.unknownTypes.add(type);
      return this.claimKnown(queue, limit, claimant);
    }
  }

  private async take(session: Session, queue: string, limit: number, claimant: Claimant): Promise<Job[]> {
    const { rows: entrance } = await session.query<{ isOpen: boolean }>(ENTER_QUEUE, [queue]);
    if (!entrance[0]?.isOpen) return [];
    const unknown = [...this.unknownTypes].filter((type) => !claimant.knows(type));
    const tickets = await this.tickets.take(session, queue, limit, unknown);
    if (tickets.length === 0) return [];
    refuseUnknown(tickets, claimant);
    const ids = tickets.map((ticket) => ticket.id);
    const lease = claimant.leaseExpiresAt ?? null;
    const { rows } = await session.query<Job>(CLAIM_JOBS, [ids, queue, claimant.workerId, lease]);
    if (rows.length < ids.length) await this.returnTickets(session, queue, ids, rows);
    return rows;
  }

  /** Tickets were consumed for jobs that may not start yet: those that still wait get another one. */
  private async returnTickets(session: Session, queue: string, ids: string[], claimed: Job[]): Promise<void> {
    const held = new Set(claimed.map((job) => job.id));
    const missing = ids.filter((id) => !held.has(id));
    const { rows } = await session.query<Waiting>(SELECT_WAITING, [missing, queue]);
    await this.tickets.insert(session, rows);
  }
}

function refuseUnknown(tickets: readonly Ticket[], claimant: Claimant): void {
  const unknown = new Set(tickets.map((ticket) => ticket.type).filter((type) => !claimant.knows(type)));
  if (unknown.size > 0) throw new UnknownTypeError([...unknown]);
}

/** First by priority, then those that had started before, then the older. */
function startOrder(a: Job, b: Job): number {
  return (
    a.priority - b.priority ||
    Number(b.attempts > 1) - Number(a.attempts > 1) ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    (a.id < b.id ? -1 : 1)
  );
}
