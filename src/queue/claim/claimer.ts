import { Injectable } from '@nestjs/common';
import { Postgres, type Session, hasSqlState, isContention } from '../../database/index.js';
import { Engine } from '../line/engine.js';
import { JobEvents } from '../job-events.js';
import type { Claimant } from './claimant.js';
import type { ClaimedJob } from './claimed-job.js';
import { LimitedClaims } from '../limits/limited-claims.js';
import { LIMITED } from '../limits/limits.sql.js';
import { LOCK_FREE_JOBS, SELECT_WAITING } from '../jobs.sql.js';
import { ALONE, isSuspect, mustRunAlone, typeOf } from '../suspicion.js';
import { CLAIM_FROM_LINE, CLAIM_JOBS } from './claim.sql.js';
import { ENTER_QUEUE } from './queues.sql.js';
import { UNEQUAL } from '../line/ticket.sql.js';
import { type NextDue, type Ticket, Tickets, type Waiting } from '../line/tickets.js';

/** How long (ms) a claim waits for a row that somebody else's transaction holds; most hold theirs for a moment. */
const PATIENCE_MS = '200';

/** After such a wait, claims look before they lock, for this long (ms): whoever holds a row may do so for hours. */
const LOOK_FIRST_MS = 5_000;

/** How often a claim takes more tickets in place of those whose jobs are held. */
const MOST_ROUNDS = 5;

/** Tickets of a kind that the claimant cannot start were taken: the claim is rolled back and made without them. */
class UnfitKindError extends Error {
  constructor(readonly kinds: readonly string[]) {
    super(`Nothing can start ${kinds.join(', ')} here`);
  }
}

/** Hands out jobs. */
@Injectable()
export class Claimer {
  /** Kinds seen in line that some claimant of this process could not start at the time. */
  private readonly unfitKinds = new Set<string>();
  /** Until when (monotonic, ms) rows that strangers hold are to be reckoned with. */
  private looksFirstUntil = -Infinity;
  /** Queues that had limits when they were last claimed from. */
  private readonly limited = new Set<string>();

  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
    private readonly tickets: Tickets,
    private readonly events: JobEvents,
    private readonly limitedClaims: LimitedClaims,
  ) {}

  async claim(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[]> {
    await this.engine.ensureQueue(queue);
    const jobs = await this.claimFit(queue, limit, claimant);
    if (jobs.length > 0) this.events.emit('claimed', jobs);
    return jobs.sort(startOrder);
  }

  /** Whether a queue is known to have limits, so that its claims bring no more than can start at once. */
  isLimited(queue: string): boolean {
    return this.limited.has(queue);
  }

  /** Whether claims of a queue with limits have come to nothing for seconds. */
  isHeldUp(queue: string): boolean {
    return this.limitedClaims.isHeldUp(queue);
  }

  /** When the first job of a queue that was not due at `since` comes due, if that is within a minute. */
  nextDue(queue: string, since: Date): Promise<NextDue> {
    return this.tickets.nextDue(this.postgres, queue, since);
  }

  /** The names of all queues there are. */
  queueNames(): Promise<string[]> {
    return this.engine.queueNames();
  }

  private async claimFit(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[]> {
    if (this.limited.has(queue)) {
      const jobs = await this.limitedClaims.claim(queue, limit, claimant);
      if (jobs) return jobs;
      this.limited.delete(queue);
    }
    try {
      const jobs = await this.claimAtOnce(queue, limit, claimant);
      return jobs ?? (await this.claimStepwise(queue, limit, claimant));
    } catch (error) {
      if (!hasSqlState(error, LIMITED)) throw error;
      this.limited.add(queue);
      return this.claimFit(queue, limit, claimant);
    }
  }

  /** @returns undefined when something is out of the ordinary, which takes several steps */
  private async claimAtOnce(
    queue: string,
    limit: number,
    claimant: Claimant,
  ): Promise<ClaimedJob[] | undefined> {
    if (!this.engine.hasPlainLine(queue) || this.isLookingFirst()) return undefined;
    const { workerId, types, alone = limit, leaseExpiresAt = null } = claimant;
    const kinds = types ? [...types, ...types.map((type) => ALONE + type)] : null;
    const values = [limit, queue, workerId, leaseExpiresAt, kinds, alone, PATIENCE_MS];
    try {
      const { rows } = await this.postgres.run<ClaimedJob>(CLAIM_FROM_LINE, values);
      if (rows.length === limit || !rows.some(isSuspect)) return rows;
      // Suspects that found no place must not keep those behind them from the slots that are still free.
      const others = withPlacesLeft({ ...claimant, alone }, rows);
      return [...rows, ...(await this.claimFit(queue, limit - rows.length, others).catch(() => []))];
    } catch (error) {
      if (isContention(error)) this.lookFirst();
      else if (!hasSqlState(error, UNEQUAL)) throw error;
      return undefined;
    }
  }

  private async claimStepwise(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[]> {
    const looksFirst = this.isLookingFirst();
    try {
      return await this.postgres.transaction(async (session) => {
        const { rows } = await session.query<{ isOpen: boolean }>(ENTER_QUEUE, [queue, PATIENCE_MS]);
        if (!rows[0]?.isOpen) return [];
        return looksFirst
          ? await this.takePastHeld(session, queue, limit, claimant)
          : await this.take(session, queue, limit, claimant);
      });
    } catch (error) {
      if (isContention(error) && !looksFirst) this.lookFirst();
      else if (error instanceof UnfitKindError) for (const kind of error.kinds) this.unfitKinds.add(kind);
      else throw error;
      return this.claimStepwise(queue, limit, claimant);
    }
  }

  private isLookingFirst(): boolean {
    return performance.now() < this.looksFirstUntil;
  }

  private lookFirst(): void {
    this.looksFirstUntil = performance.now() + LOOK_FIRST_MS;
  }

  /** Leaves out jobs whose rows somebody else's transaction holds: they go back in line, behind their equals. */
  private async takePastHeld(
    session: Session,
    queue: string,
    limit: number,
    claimant: Claimant,
  ): Promise<ClaimedJob[]> {
    const claimed: ClaimedJob[] = [];
    const held: string[] = [];
    for (let round = 0; round < MOST_ROUNDS && claimed.length < limit; round++) {
      const left = withPlacesLeft(claimant, claimed);
      const before = held.length;
      claimed.push(...(await this.take(session, queue, limit - claimed.length, left, held)));
      if (held.length === before) break;
    }
    if (held.length > 0) await this.returnTickets(session, queue, held, []);
    return claimed;
  }

  /** @param held takes the jobs that are not waited for; absent = all are */
  private async take(
    session: Session,
    queue: string,
    limit: number,
    claimant: Claimant,
    held?: string[],
  ): Promise<ClaimedJob[]> {
    const unfit = [...this.unfitKinds].filter((kind) => !canStart(claimant, kind));
    const taken = await this.tickets.take(session, queue, limit, unfit);
    if (taken.length === 0) return [];
    refuseUnfit(taken, claimant);
    const tickets = held ? await this.freeOf(session, taken, held) : taken;
    if (tickets.length === 0) return [];
    const ids = tickets.map((ticket) => ticket.id);
    const { workerId, leaseExpiresAt = null, alone } = claimant;
    const chosen = alone === undefined ? ids : suspectsAmong(tickets).slice(0, alone);
    const { rows } = await session.query<ClaimedJob>(CLAIM_JOBS, [
      ids,
      queue,
      workerId,
      leaseExpiresAt,
      chosen,
    ]);
    if (rows.length === ids.length) return rows;
    const surplus = await this.returnTickets(session, queue, ids, rows);
    if (surplus === 0 || alone === undefined) return rows;
    // They must not keep those behind them from the slots that are still free; and a ticket now tells what it did not before.
    const left = withPlacesLeft(claimant, rows);
    return [...rows, ...(await this.take(session, queue, limit - rows.length, left, held))];
  }

  private async freeOf(session: Session, tickets: readonly Ticket[], held: string[]): Promise<Ticket[]> {
    const { rows } = await session.query<{ id: string }>(LOCK_FREE_JOBS, [tickets.map(({ id }) => id)]);
    const free = new Set(rows.map((row) => row.id));
    held.push(...tickets.map(({ id }) => id).filter((id) => !free.has(id)));
    return tickets.filter(({ id }) => free.has(id));
  }

  /**
   * Tickets were consumed for jobs that may not start yet: those that still wait get another one.
   * @returns how many of them wait to run alone
   */
  private async returnTickets(
    session: Session,
    queue: string,
    ids: string[],
    claimed: ClaimedJob[],
  ): Promise<number> {
    const held = new Set(claimed.map((job) => job.id));
    const missing = ids.filter((id) => !held.has(id));
    const { rows } = await session.query<Waiting>(SELECT_WAITING, [missing, queue]);
    await this.tickets.insert(session, rows);
    return rows.filter(isSuspect).length;
  }
}

/** The claimant, with as many places for jobs that must run alone as these jobs leave. */
function withPlacesLeft(claimant: Claimant, jobs: readonly ClaimedJob[]): Claimant {
  const { alone } = claimant;
  return alone === undefined ? claimant : { ...claimant, alone: alone - jobs.filter(isSuspect).length };
}

/** The older first. */
function suspectsAmong(tickets: readonly Ticket[]): string[] {
  return tickets
    .filter(({ kind }) => mustRunAlone(kind))
    .map(({ id }) => id)
    .sort();
}

function refuseUnfit(tickets: readonly Ticket[], claimant: Claimant): void {
  const unfit = new Set(tickets.map((ticket) => ticket.kind).filter((kind) => !canStart(claimant, kind)));
  if (unfit.size > 0) throw new UnfitKindError([...unfit]);
}

function canStart({ types, alone }: Claimant, kind: string): boolean {
  return (types?.includes(typeOf(kind)) ?? true) && !(alone === 0 && mustRunAlone(kind));
}

/** First by priority, then those that had started before, then the older. */
function startOrder(a: ClaimedJob, b: ClaimedJob): number {
  return (
    a.priority - b.priority ||
    Number(b.attempts > 1) - Number(a.attempts > 1) ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    (a.id < b.id ? -1 : 1)
  );
}
