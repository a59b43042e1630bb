import type { Session } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { ALONE, isSuspect } from '../suspicion.js';
import { type Candidate, choose } from './choose.js';
import { KeyStates } from './key-states.js';
import { type Limits, rateOf } from './limits.js';
import {
  ENTER_LIMITED_QUEUE,
  PARK,
  SELECT_FREE_HEAD,
  SELECT_HEAD,
  SELECT_NEXT_READY,
  START_CHOSEN,
  START_FIRST,
  WRITE_LIMIT_STATES,
} from './limits.sql.js';
import { advanced, allowance, bounded, nextStart } from './rate.js';

/** How long (ms) a claim waits for its turn. */
const PATIENCE_MS = '500';

/** Keys whose parked tickets one claim looks at. */
const MOST_READY_KEYS = 100;

/** Places in line that are looked at first, in queues with limits of keys, and then, when those refuse many. */
const FIRST_LOOK = 50;
const NEXT_LOOK = 200;

/** Tickets that are taken out of the way at first, and then. */
const FIRST_PARKED = 50;
const NEXT_PARKED = 5_000;

/** How often a claim looks further down the line, past what the limits of keys refuse: others wait for it. */
const MOST_LOOKS = 3;

/** Where nobody says how many jobs that must run alone may start. */
const MOST_ALONE = 10_000;

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
export interface Claimed {
  readonly jobs: ClaimedJob[];
  /** When (epoch ms) more may start; undefined = when others say so. */
  readonly lookAgainAt: number | undefined;
}

/** Takes back a transaction that has changed nothing: a commit would wait for the disk, and others for it. */
export class NothingToKeepError extends Error {
  constructor(readonly lookAgainAt: number | undefined) {
    super('Nothing may start now');
  }
}

/** One claim, in its transaction. */
export class LimitedClaim {
  private readonly jobs: ClaimedJob[] = [];
  /** What it has tried to start: where that did not help, somebody holds it. */
  private readonly tried = new Set<string>();
  private keys: KeyStates | undefined;
  /** Whether somebody holds some of the first in line. */
  private meetsHeld = false;

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
    const hasChanges = await this.write(entry, limits);
    const lookAgainAt = await this.nextLook(entry, limits, { isAtEnd, room });
    if (!hasChanges) throw new NothingToKeepError(lookAgainAt);
    return { jobs: this.jobs, lookAgainAt };
  }

  /** @returns whether all of the line was looked at, as far as there was room */
  private async start(room: number, limits: Limits): Promise<boolean> {
    if (!this.keys) return this.startFirst(room, limits);
    await this.keys.enterReady(MOST_READY_KEYS);
    await this.keys.unpark(this.claimant.types);
    for (let look = 0; look < MOST_LOOKS; look++) {
      const left = room - this.jobs.length;
      const most = Math.max(left, look === 0 ? FIRST_LOOK : NEXT_LOOK);
      const head = await this.head(this.keys, most);
      const hasMoved = await this.decide(
        this.keys,
        head,
        { left, mayPark: look === 0 ? FIRST_PARKED : NEXT_PARKED },
        limits,
      );
      if (this.jobs.length >= room || head.length < most || !hasMoved) return true;
    }
    return false;
  }

  /** Suspects that found no place must not keep those behind them from theirs. */
  private async startFirst(room: number, limits: Limits): Promise<boolean> {
    for (;;) {
      const left = room - this.jobs.length;
      const { workerId, leaseExpiresAt = null } = this.claimant;
      const { rows } = await this.session.query<LimitedJob>(START_FIRST, [
        ...this.lineOf(left),
        workerId,
        leaseExpiresAt,
        limits.concurrency !== null,
      ]);
      this.note(rows);
      if (this.jobs.length >= room || !rows.some(isSuspect)) return true;
    }
  }

  /** The head of the line, in which no key has a ticket whose elders are parked although there is room for them. */
  private async head(keys: KeyStates, most: number): Promise<Place[]> {
    const statement = this.meetsHeld ? SELECT_FREE_HEAD : SELECT_HEAD;
    const { rows } = await this.session.query<Place>(statement, this.lineOf(most));
    await keys.enter(rows.flatMap(({ key }) => key ?? []));
    return (await keys.unpark(this.claimant.types)) ? this.head(keys, most) : rows.sort(inLine);
  }

  /** The queue, how many, of which kinds, and how many that must run alone. */
  private lineOf(most: number): unknown[] {
    const { types } = this.claimant;
    const kinds = types ? [...types, ...types.map((type) => ALONE + type)] : null;
    return [this.queue, most, kinds, this.placesAlone()];
  }

  private placesAlone(): number {
    return (this.claimant.alone ?? MOST_ALONE) - this.jobs.filter(isSuspect).length;
  }

  /** @returns whether the line is another one now */
  private async decide(
    keys: KeyStates,
    head: readonly Place[],
    { left, mayPark }: { left: number; mayPark: number },
    limits: Limits,
  ): Promise<boolean> {
    const fresh = head.filter(({ id }) => !this.tried.has(id));
    const { starts, refused } = choose(fresh, { jobs: left, alone: this.placesAlone(), keys: keys.room });
    for (const id of starts) this.tried.add(id);
    if (starts.length > 0) await this.startChosen(starts, limits);
    if (refused.size === 0) return starts.length > 0;
    for (const key of refused) keys.notePark(key);
    const { rowCount } = await this.session.query(PARK, [this.queue, [...refused], mayPark]);
    return starts.length > 0 || (rowCount ?? 0) > 0;
  }

  private async startChosen(ids: readonly string[], limits: Limits): Promise<void> {
    const { workerId, leaseExpiresAt = null } = this.claimant;
    const { rows } = await this.session.query<LimitedJob>(START_CHOSEN, [
      this.queue,
      ids,
      limits.concurrency !== null,
      limits.per_key !== null && limits.per_key.concurrency !== null,
      workerId,
      leaseExpiresAt,
    ]);
    this.meetsHeld ||= rows.length < ids.length;
    this.note(rows);
  }

  private note(started: readonly LimitedJob[]): void {
    for (const { limitKey, ...job } of started) {
      this.jobs.push(job);
      if (limitKey !== null && job.startedAt) this.keys?.noteStart(limitKey, job.startedAt);
    }
  }

  /** @returns whether there was anything to write, or has been before */
  private async write({ tat, now }: Entry, limits: Limits): Promise<boolean> {
    const hasKeys = (await this.keys?.write()) ?? false;
    const next = this.nextTat({ tat, now }, limits);
    if (next === tat) return hasKeys || this.jobs.length > 0;
    const row = { key: '', tat: next, ready_at: now, parks: false };
    await this.session.query(WRITE_LIMIT_STATES, [this.queue, JSON.stringify([row])]);
    return true;
  }

  private nextTat({ tat, now }: Pick<Entry, 'tat' | 'now'>, limits: Limits): number | null {
    const rate = rateOf(limits);
    const startedAt = this.startedAt();
    if (rate && startedAt !== undefined) return advanced(rate, tat, startedAt, this.jobs.length);
    return rate && tat !== null ? bounded(rate, tat, now) : tat;
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
    if (this.jobs.length >= room) {
      const rate = rateOf(limits);
      const isFull = limits.concurrency !== null && entry.running + this.jobs.length >= limits.concurrency;
      return isFull || !rate ? undefined : nextStart(rate, this.nextTat(entry, limits), entry.now);
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
