import type { Transaction } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { isSuspect } from '../suspicion.js';
import { type Candidate, choose } from './choose.js';
import { KeyStates } from './key-states.js';
import type { Limits } from './limits.js';
import {
  type Claimed,
  type Entry,
  MOST_ALONE,
  PATIENCE_MS,
  kindsFor,
  nextLook,
  nextTat,
  roomOf,
} from './entry.js';
import {
  ENTER_LIMITED_QUEUE,
  PARK,
  SELECT_FREE_HEAD,
  SELECT_HEAD,
  START_CHOSEN,
  WRITE_LIMIT_STATES,
} from './limits.sql.js';

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

type LimitedEntry = Entry & { readonly limits: Limits | null };

type LimitedJob = ClaimedJob & { readonly limitKey: string | null };

interface Place extends Candidate {
  readonly priority: number;
  readonly createdOn: number;
}

/** What a claim of a queue with limits of keys came to. */
export interface ClaimedByKeys extends Claimed {
  /** Whether more may start when the next of the keys has room, whenever that is. */
  readonly awaitsKeys: boolean;
}

/** Takes back a transaction that has changed nothing: a commit would wait for the disk, and others for it. */
export class NothingToKeepError extends Error {
  constructor(readonly claimed: ClaimedByKeys) {
    super('Nothing may start now');
  }
}

/** One claim of a queue with limits of keys, in its transaction. */
export class KeyedClaim {
  private readonly jobs: ClaimedJob[] = [];
  /** What it has tried to start: where that did not help, somebody holds it. */
  private readonly tried = new Set<string>();
  private keys: KeyStates | undefined;
  /** Whether somebody holds some of the first in line. */
  private meetsHeld = false;

  constructor(
    private readonly session: Transaction,
    private readonly queue: string,
    private readonly claimant: Claimant,
  ) {}

  /** @returns undefined when the queue has no limits of keys */
  async run(most: number): Promise<ClaimedByKeys | undefined> {
    const { rows } = await this.session.run<LimitedEntry>(ENTER_LIMITED_QUEUE, [this.queue, PATIENCE_MS]);
    const [entry] = rows;
    if (!entry?.limits?.per_key) return undefined;
    if (!entry.isOpen) return { jobs: [], lookAgainAt: undefined, awaitsKeys: false };
    const { limits } = entry;
    const room = Math.min(most, roomOf(entry, limits));
    const keys = new KeyStates(this.session, this.queue, entry.limits.per_key, entry.now);
    this.keys = keys;
    const isAtEnd = room <= 0 || (await this.start(keys, room, limits));
    const hasChanges = await this.write(entry, limits);
    const isFull = this.jobs.length >= room;
    const lookAgainAt = isFull ? nextLook(entry, limits, this.jobs) : entry.now;
    const claimed = { jobs: this.jobs, lookAgainAt, awaitsKeys: isAtEnd && !isFull };
    if (!hasChanges) throw new NothingToKeepError(claimed);
    return claimed;
  }

  /** @returns whether all of the line was looked at, as far as there was room */
  private async start(keys: KeyStates, room: number, limits: Limits): Promise<boolean> {
    await keys.enterReady(MOST_READY_KEYS);
    await keys.unpark(this.claimant.types);
    for (let look = 0; look < MOST_LOOKS; look++) {
      const left = room - this.jobs.length;
      const most = Math.max(left, look === 0 ? FIRST_LOOK : NEXT_LOOK);
      const head = await this.head(keys, most);
      const mayPark = look === 0 ? FIRST_PARKED : NEXT_PARKED;
      const hasMoved = await this.decide(keys, head, { left, mayPark }, limits);
      if (this.jobs.length >= room || head.length < most || !hasMoved) return true;
    }
    return false;
  }

  /** The head of the line, in which no key has a ticket whose elders are parked although there is room for them. */
  private async head(keys: KeyStates, most: number): Promise<Place[]> {
    const statement = this.meetsHeld ? SELECT_FREE_HEAD : SELECT_HEAD;
    const { rows } = await this.session.run<Place>(statement, this.lineOf(most));
    await keys.enter(rows.flatMap(({ key }) => key ?? []));
    return (await keys.unpark(this.claimant.types)) ? this.head(keys, most) : rows.sort(inLine);
  }

  /** The queue, how many, of which kinds, and how many that must run alone. */
  private lineOf(most: number): unknown[] {
    return [this.queue, most, kindsFor(this.claimant), this.placesAlone()];
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
    const { rows } = await this.session.run<LimitedJob>(START_CHOSEN, [
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
  private async write(entry: Entry, limits: Limits): Promise<boolean> {
    const hasKeys = (await this.keys?.write()) ?? false;
    const next = nextTat(entry, limits, this.jobs);
    if (next === entry.tat) return hasKeys || this.jobs.length > 0;
    const row = { key: '', tat: next, ready_at: entry.now, parks: false };
    await this.session.run(WRITE_LIMIT_STATES, [this.queue, JSON.stringify([row])]);
    return true;
  }
}

/** The order of the line; of tickets of one moment that of the ids. */
function inLine(a: Place, b: Place): number {
  return b.priority - a.priority || a.createdOn - b.createdOn || (a.id < b.id ? -1 : 1);
}
