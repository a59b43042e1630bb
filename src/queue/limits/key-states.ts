import type { Transaction } from '../../database/index.js';
import { ENTER_LIMIT_KEYS, ENTER_READY_KEYS, UNPARK, WRITE_LIMIT_STATES } from './limits.sql.js';
import { advanced, allowance, bounded, nextStart, type Rate } from './rate.js';
import { type Limit, rateOf } from './limits.js';

/** A key as its row has it. Times are epoch ms of the database's clock. */
interface StoredKey {
  readonly key: string;
  readonly tat: number | null;
  /** Whether some of its tickets may be parked. */
  readonly isParked: boolean;
  readonly running: number;
}

interface KeyState extends StoredKey {
  /** Whether it was time to look at it: it must get another one, or it would be looked at again at once, before others. */
  readonly isDue: boolean;
  isVisited: boolean;
  parks: boolean;
  starts: number;
  startedAt: number;
}

/**
 * When (ms) a key is looked at again whose parked tickets got their place in line and did not start: what keeps them may
 * have gone, and those behind them must not wait for them for ever.
 */
const NEXT_VISIT_MS = 1_000;

/** The same of a key with as many running jobs as it may have: whoever ends one says so, unless a hand did it. */
const NEXT_LOOK_MS = 10_000;

/** More than a claim starts. */
const MOST_UNPARKED = 1_000;

/** The keys that one claim has to do with, their rows being locked. */
export class KeyStates {
  private readonly states = new Map<string, KeyState>();
  private readonly rate: Rate | undefined;

  constructor(
    private readonly session: Transaction,
    private readonly queue: string,
    private readonly limit: Limit,
    private readonly now: number,
  ) {
    this.rate = rateOf(limit);
  }

  /** How many jobs of each key may start. */
  get room(): ReadonlyMap<string, number> {
    return new Map([...this.states].map(([key, state]) => [key, this.roomOf(state)]));
  }

  /** Takes the rows of those with parked tickets that may have room again, at most so many. */
  async enterReady(most: number): Promise<void> {
    const counts = this.limit.concurrency !== null;
    const { rows } = await this.session.run<StoredKey>(ENTER_READY_KEYS, [
      this.queue,
      counts,
      most,
      this.furthest,
    ]);
    this.add(rows, true);
  }

  /** Takes the rows of keys; whoever ends a job of theirs waits from here on. */
  async enter(keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.states.has(key));
    if (missing.length === 0) return;
    const counts = this.limit.concurrency !== null;
    const { rows } = await this.session.run<StoredKey>(ENTER_LIMIT_KEYS, [this.queue, missing, counts]);
    this.add(rows, false);
  }

  /**
   * Gives the first parked tickets of the keys with room, once in a claim, their place in line again: no younger one of
   * the same key may start before them.
   * @returns whether the line is another one now
   */
  async unpark(types: readonly string[] | undefined): Promise<boolean> {
    const keys = [...this.states.values()].filter(
      (state) => state.isParked && !state.isVisited && this.roomOf(state) > 0,
    );
    if (keys.length === 0) return false;
    for (const state of keys) state.isVisited = true;
    const { rowCount } = await this.session.run(UNPARK, [
      this.queue,
      keys.map(({ key }) => key),
      keys.map((state) => Math.min(MOST_UNPARKED, this.roomOf(state))),
      types ?? null,
    ]);
    return (rowCount ?? 0) > 0;
  }

  noteStart(key: string, startedAt: Date): void {
    const state = this.states.get(key);
    if (!state) return;
    state.starts += 1;
    state.startedAt = startedAt.getTime();
  }

  notePark(key: string): void {
    const state = this.states.get(key);
    if (state) state.parks = true;
  }

  /** Writes down what has become of the keys. @returns whether anything has */
  async write(): Promise<boolean> {
    const changed = [...this.states.values()].filter(
      (state) =>
        state.isDue || state.isVisited || state.parks || state.starts > 0 || this.tatOf(state) !== state.tat,
    );
    const rows = changed.map((state) => ({
      key: state.key,
      tat: this.tatOf(state),
      ready_at: this.readyAt(state),
      parks: state.parks,
    }));
    if (rows.length === 0) return false;
    await this.session.run(WRITE_LIMIT_STATES, [this.queue, JSON.stringify(rows)]);
    return true;
  }

  /** How far ahead (ms) a key is put off at most. */
  private get furthest(): number {
    return Math.max(NEXT_LOOK_MS, this.rate ? nextStart(this.rate, Infinity, this.now) - this.now : 0);
  }

  private add(rows: readonly StoredKey[], isDue: boolean): void {
    const fresh = { isDue, isVisited: false, parks: false, starts: 0, startedAt: this.now };
    for (const row of rows) this.states.set(row.key, { ...row, ...fresh });
  }

  private roomOf({ tat, running, starts }: KeyState): number {
    const { concurrency } = this.limit;
    const byRate = this.rate ? allowance(this.rate, tat, this.now) : Number.MAX_SAFE_INTEGER;
    const atOnce = concurrency === null ? Number.MAX_SAFE_INTEGER : concurrency - running;
    return Math.max(0, Math.min(byRate, atOnce) - starts);
  }

  private tatOf({ tat, starts, startedAt }: KeyState): number | null {
    if (this.rate && starts > 0) return advanced(this.rate, tat, startedAt, starts);
    return this.rate && tat !== null ? bounded(this.rate, tat, this.now) : tat;
  }

  private readyAt(state: KeyState): number {
    const { concurrency } = this.limit;
    if (concurrency !== null && state.running + state.starts >= concurrency) return this.now + NEXT_LOOK_MS;
    const byRate = this.rate ? nextStart(this.rate, this.tatOf(state), this.now) : this.now;
    const hasStuck = state.isVisited && state.starts === 0;
    return Math.max(byRate, hasStuck ? this.now + NEXT_VISIT_MS : this.now);
  }
}
