import type { Session } from '../../database/index.js';
import type { MendedKind } from './kinds.js';

/** Finds faults of one kind and mends them. */
export interface Repair {
  readonly kind: MendedKind;
  /**
   * Mends a batch, in a transaction of its own.
   * @param after the last id of the batch before, for those that go through the jobs by id
   */
  readonly mend: (
    session: Session,
    batch: { readonly after: string; readonly size: number },
  ) => Promise<Mended>;
}

/** What a batch came to. */
export interface Mended {
  /** Ids of jobs, or names. */
  readonly ids: readonly string[];
  /** How many were found: a full batch means that there may be more. */
  readonly found: number;
}

/** Everything that was found was mended. */
export function mendedAll(rows: readonly { id: string }[]): Mended {
  return { ids: rows.map(({ id }) => id), found: rows.length };
}
