import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { Postgres, type Session, isContention } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { ALONE, isSuspect } from '../suspicion.js';
import { type Candidate, choose } from './choose.js';
import { KeyStates } from './key-states.js';
import { type Limits, rateOf } from './limits.js';
import {
  ENTER_LIMITED_QUEUE,
  PARK,
  SELECT_HEAD,
  SELECT_NEXT_READY,
  SELECT_READY_KEYS,
  START_LIMITED,
  WRITE_LIMIT_STATES,
} from './limits.sql.js';
import { advanced, allowance, nextStart } from './rate.js';

/** How long (ms) a claim waits for its turn. */
const PATIENCE_MS = '500';

/** When (ms) a claim that found its queue taken for so long is made again, so that not all come at once. */
const NEXT_TRY_MS = 50;

/** Keys whose parked tickets one claim looks at. */
const MOST_READY_KEYS = 100;

/** Places in line that are looked at first, in queues with limits of keys, and then, when those refuse many. */
const FIRST_LOOK = 50;
const NEXT_LOOK = 1_000;

/** How often a claim looks further down the line, past what the limits of keys refuse. */
const MOST_LOOKS = 4;

/** A queue as a claim finds it. Times are epoch ms of the database's clock. */
interface Entry {
  readonly isOpen: boolean;
  readonly limits: Limits | null;
  readonly tat: number | null;
  readonly running: number;
  readonly now: number;
}

type LimitedJob = ClaimedJob & { readonly limitKey: string | null };

interface Place extends Candidate {
  readonly priority: number;
  readonly createdOn: number;
}

/** What a claim came to. */
interface Claimed {
  readonly jobs: ClaimedJob[];
  /** When (epoch ms) more may start; undefined = when others say so. */
  readonly lookAgainAt: number | undefined;
}

/** Claims of queues with limits: one at a time in each queue, across all processes. */
@Injectable()
export class LimitedClaims {
  constructor(
    private readonly postgres: Postgres,
    private readonly clock: DatabaseClock,
  ) {}

  /** @returns undefined when the queue has no limits any more */
  async claim(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[] | undefined> {
    const most = Math.min(limit, claimant.free ?? limit);
    if (most <= 0) {
      claimant.lookAgain?.(this.clock.now());
      return [];
    }
    try {
      const claimed = await this.postgres.transaction((session) =>
        new LimitedClaim(session, queue, claimant).run(most),
      );
      if (claimed && claimed.jobs.length < limit && claimed.lookAgainAt !== undefined)
        claimant.lookAgain?.(claimed.lookAgainAt);
      return claimed?.jobs;
    } catch (error) {
      if (!isContention(error)) throw error;
      claimant.lookAgain?.(this.clock.now() + NEXT_TRY_MS * (1 + Math.random()));
      return [];
    }
  }
}

/** One claim, in its transaction. */
class LimitedClaim {
  private readonly jobs: ClaimedJob[] = [];
  private keys: KeyStates | undefined;

  constructor(
    private readonly session: Session,
    private readonly queue: string,
    private readonly claimant: Claimant,
  ) {}

  async run(most: number): Promise<Claimed | undefined> {
    const { rows } = await this.session.query<Entry>(ENTER_LIMITED_QUEUE, [this.queue, PATIENCE_MS]);
    const [entry] = rows;
    if (!entry?.limits) return undefined;
    if (!entry.isOpen) return { jobs: [], lookAgainAt: undefined };
    const { limits } = entry;
    const room = Math.min(most, roomOf(entry, limits));
    if (limits.per_key) this.keys = new KeyStates(this.session, this.queue, limits.per_key, entry.now);
    const isAtEnd = room <= 0 || (await this.start(room, limits));
    await this.write(entry, limits);
    return { jobs: this.jobs, lookAgainAt: await this.nextLook(entry, limits, { isAtEnd, room }) };
  }

  /** @returns whether all of the line was looked at, as far as there was room */
  private async start(room: number, limits: Limits): Promise<boolean> {
    await this.unparkReady();
    for (let look = 0; look < MOST_LOOKS; look++) {
      const left = room - this.jobs.length;
      const most = this.keys ? Math.max(left, look === 0 ? FIRST_LOOK : NEXT_LOOK) : left;
      const head = await this.head(most);
      const hasMoved = await this.decide(head, left, limits);
      if (this.jobs.length >= room || head.length < most || !hasMoved) return true;
    }
    return false;
  }

  private async unparkReady(): Promise<void> {
    if (!this.keys) return;
    const { rows } = await this.session.query<{ key: string }>(SELECT_READY_KEYS, [
      this.queue,
      MOST_READY_KEYS,
    ]);
    await this.keys.enter(rows.map(({ key }) => key));
    await this.keys.unpark(this.claimant.types);
  }

  /** The head of the line, in which no key has a ticket whose elders are parked although there is room for them. */
  private async head(most: number): Promise<Place[]> {
    const head = await this.look(most);
    if (!this.keys) return head;
    await this.keys.enter(head.flatMap(({ key }) => key ?? []));
    return (await this.keys.unpark(this.claimant.types)) ? this.head(most) : head;
  }

  private async look(most: number): Promise<Place[]> {
    const { types } = this.claimant;
    const kinds = types ? [...types, ...types.map((type) => ALONE + type)] : null;
    const { rows } = await this.session.query<Place>(SELECT_HEAD, [
      this.queue,
      most,
      kinds,
      this.placesAlone() > 0,
    ]);
    return rows.sort(inLine);
  }

  private placesAlone(): number {
    return (this.claimant.alone ?? Infinity) - this.jobs.filter(isSuspect).length;
  }

  /** @returns whether the line is another one now */
  private async decide(head: readonly Place[], left: number, limits: Limits): Promise<boolean> {
    const keys = this.keys?.room ?? new Map<string, number>();
    const { starts, refused } = choose(head, { jobs: left, alone: this.placesAlone(), keys });
    if (starts.length > 0) await this.startThese(starts, limits);
    const parked = [...refused.values()].flat();
    if (parked.length > 0) await this.session.query(PARK, [this.queue, parked]);
    for (const key of refused.keys()) this.keys?.notePark(key);
    return starts.length + parked.length > 0;
  }

  private async startThese(ids: readonly string[], limits: Limits): Promise<void> {
    const { workerId, leaseExpiresAt = null } = this.claimant;
    const { rows } = await this.session.query<LimitedJob>(START_LIMITED, [
      ids,
      this.queue,
      workerId,
      leaseExpiresAt,
      limits.concurrency !== null,
      limits.per_key !== null && limits.per_key.concurrency !== null,
    ]);
    for (const { limitKey, ...job } of rows) {
      this.jobs.push(job);
      if (limitKey !== null && job.startedAt) this.keys?.noteStart(limitKey, job.startedAt);
    }
  }

  private async write({ tat }: Entry, limits: Limits): Promise<void> {
    await this.keys?.write();
    const rate = rateOf(limits);
    if (!rate || this.jobs.length === 0) return;
    const startedAt = this.startedAt() ?? 0;
    const row = {
      key: '',
      tat: advanced(rate, tat, startedAt, this.jobs.length),
      ready_at: startedAt,
      parks: false,
    };
    await this.session.query(WRITE_LIMIT_STATES, [this.queue, JSON.stringify([row])]);
  }

  /** When the last of them started: the database's time at that moment, later than when it was decided. */
  private startedAt(): number | undefined {
    return this.jobs.length === 0
      ? undefined
      : Math.max(...this.jobs.map(({ startedAt }) => startedAt?.getTime() ?? 0));
  }

  private async nextLook(
    entry: Entry,
    limits: Limits,
    { isAtEnd, room }: { isAtEnd: boolean; room: number },
  ): Promise<number | undefined> {
    if (!isAtEnd) return entry.now;
    const rate = rateOf(limits);
    const startedAt = this.startedAt();
    if (this.jobs.length >= room) {
      const tat = rate && startedAt ? advanced(rate, entry.tat, startedAt, this.jobs.length) : entry.tat;
      const isFull = limits.concurrency !== null && entry.running + this.jobs.length >= limits.concurrency;
      return isFull || !rate ? undefined : nextStart(rate, tat, entry.now);
    }
    if (!this.keys) return undefined;
    const { rows } = await this.session.query<{ at: number | null }>(SELECT_NEXT_READY, [this.queue]);
    return rows[0]?.at ?? undefined;
  }
}

function roomOf({ tat, running, now }: Entry, limits: Limits): number {
  const rate = rateOf(limits);
  const byRate = rate ? allowance(rate, tat, now) : Infinity;
  return Math.min(byRate, limits.concurrency === null ? Infinity : limits.concurrency - running);
}

/** The order of the line; of tickets of one moment that of the ids. */
function inLine(a: Place, b: Place): number {
  return b.priority - a.priority || a.createdOn - b.createdOn || (a.id < b.id ? -1 : 1);
}
