import type { Session } from '../../database/index.js';
import type { JobFilter } from './job-filter.js';
import { LIMIT_TIME, type Stretch, selectStretch } from './list.sql.js';

/** What is tried on each job may have to unpack a megabyte: begin carefully. */
const FIRST_STRETCH = 16;
const LONGEST_STRETCH = 8_192;
const GROWTH = 4;

/** A stretch that took less than this (ms) was too short, one that took more than that too long. */
const SHORT_MS = 50;
const LONG_MS = 400;

/** Where a walk has come to. */
export interface Walked {
  /** What was found, the newest first; at most as many as wanted. */
  readonly ids: readonly string[];
  /** The last job that was passed. */
  readonly last: string | undefined;
  /** There is nothing beyond. */
  readonly isAtEnd: boolean;
}

/** Walks along an index, from the newest job to the oldest, until enough jobs are found. */
export class JobWalk implements Walked {
  readonly ids: string[] = [];
  isAtEnd = false;
  private length: number;

  /**
   * @param last the job before the first one
   * @param wanted how many to find
   */
  constructor(
    private readonly filter: JobFilter,
    public last: string | undefined,
    private readonly wanted: number,
  ) {
    this.length = filter.conditions.length === 0 ? wanted : FIRST_STRETCH;
  }

  /** Goes on to the end, or until enough are found. */
  async go(session: Session): Promise<void> {
    while (!this.isOver) await this.goOn(session);
  }

  /**
   * The same until this time (monotonic, ms), in a transaction. What was found by then stays.
   * @throws Error of PostgreSQL, code 57014, when the time is over within a statement
   */
  async goUntil(deadline: number, session: Session): Promise<void> {
    for (
      let left = deadline - performance.now();
      left >= 1 && !this.isOver;
      left = deadline - performance.now()
    ) {
      await session.query(LIMIT_TIME, [String(Math.floor(left))]);
      await this.goOn(session);
    }
  }

  private get isOver(): boolean {
    return this.isAtEnd || this.ids.length >= this.wanted;
  }

  private async goOn(session: Session): Promise<void> {
    const { length, last: before } = this;
    const { text, values } = selectStretch(this.filter, {
      before,
      length,
      most: this.wanted - this.ids.length,
    });
    const startedAt = performance.now();
    const { rows } = await session.query<Stretch>(text, values);
    const [stretch] = rows;
    if (!stretch) throw new Error('The database answered without a stretch of jobs');
    this.ids.push(...stretch.ids);
    this.last = stretch.last ?? this.last;
    this.isAtEnd = stretch.passed < length;
    this.adapt(performance.now() - startedAt);
  }

  private adapt(ms: number): void {
    if (ms < SHORT_MS) this.length = Math.min(LONGEST_STRETCH, this.length * GROWTH);
    if (ms > LONG_MS) this.length = Math.max(1, Math.floor(this.length / GROWTH));
  }
}
