import type { Session } from '../../database/index.js';
import type { MendedKind } from './kinds.js';

/** Finds faults of one kind and mends them, a batch at a time, each in a transaction of its own. */
export interface Repair {
  readonly kind: MendedKind;
  readonly mend: (session: Session, most: number) => Promise<Mended>;
}

/** The same where to find them takes long: they are looked for once, and then mended batch by batch. */
export interface SearchingRepair {
  readonly kind: MendedKind;
  readonly find: (session: Session, most: number) => Promise<readonly Suspect[]>;
  /** Mends those that are still in need of it. */
  readonly mendThese: (session: Session, suspects: readonly Suspect[]) => Promise<Mended>;
}

/** A ticket, or a job that should have one. */
export interface Suspect {
  readonly id: string;
  readonly queue: string;
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
