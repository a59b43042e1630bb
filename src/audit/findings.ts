import { INVARIANTS, type Invariant } from './invariants.js';

/** What breaks an invariant. */
export interface Violation {
  readonly id: string;
  readonly detail: string;
}

/** How an invariant stands. */
export interface Finding {
  readonly invariant: Invariant;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly Violation[];
}

const MOST_EXAMPLES = 5;

/** Counts what an audit comes upon. */
export class Findings {
  private readonly counts = new Map<Invariant, { count: number; examples: Violation[] }>();

  add(invariant: Invariant, violations: readonly Violation[]): void {
    const { count, examples } = this.counts.get(invariant) ?? { count: 0, examples: [] };
    this.counts.set(invariant, {
      count: count + violations.length,
      examples: [...examples, ...violations].slice(0, MOST_EXAMPLES),
    });
  }

  /** Every invariant, also those that hold. */
  all(): Finding[] {
    return INVARIANTS.map((invariant) => ({
      invariant,
      ...(this.counts.get(invariant) ?? { count: 0, examples: [] }),
    }));
  }
}
