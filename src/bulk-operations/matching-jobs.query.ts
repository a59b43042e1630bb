import { Injectable } from '@nestjs/common';
import { type Session, isQueryCanceled } from '../database/index.js';
import { type Selection, countNext, selectNext } from './selection.sql.js';

/** How many jobs a selection has; not exact = at least so many. */
export interface Count {
  readonly matched: number;
  readonly isExact: boolean;
}

/** Where counting ends before it is done. */
interface Patience {
  /** No more than about so many are counted. */
  readonly most: number;
  /** Milliseconds after which no further step is begun. */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** Runs statements: one after the other, or each in a transaction of its own. */
export type Reading = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

const COUNTED_AT_ONCE = 5_000;

/** Finds the jobs that an operation is for, the oldest first. */
@Injectable()
export class MatchingJobs {
  /** The ids of the next jobs of a selection after an id. */
  async next(session: Session, selection: Selection, after: string | null, limit: number): Promise<string[]> {
    const { text, values } = selectNext(selection, after, limit);
    const { rows } = await session.query<{ id: string }>(text, values);
    return rows.map((row) => row.id);
  }

  /** Counts them, as far as patience goes. */
  async count(reading: Reading, selection: Selection, patience: Patience): Promise<Count> {
    const deadline = performance.now() + patience.withinMs;
    let matched = 0;
    for (let last: string | null = null; ;) {
      patience.signal?.throwIfAborted();
      if (matched >= patience.most || performance.now() > deadline) return { matched, isExact: false };
      const page = await this.countPage(reading, selection, last);
      if (!page) return { matched, isExact: false };
      matched += page.count;
      if (page.count < COUNTED_AT_ONCE) return { matched, isExact: true };
      last = page.last;
    }
  }

  private async countPage(reading: Reading, selection: Selection, after: string | null) {
    const { text, values } = countNext(selection, after, COUNTED_AT_ONCE);
    try {
      const { rows } = await reading((session) =>
        session.query<{ count: number; last: string | null }>(text, values),
      );
      return rows[0];
    } catch (error) {
      if (isQueryCanceled(error)) return undefined;
      throw error;
    }
  }
}
