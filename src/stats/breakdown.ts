/** A total for each name. */
export type Breakdown = Record<string, number>;

/** One line of a breakdown. */
export interface Count {
  readonly name: string;
  readonly total: number;
}

/** The lines as one object. */
export function toBreakdown(counts: readonly Count[]): Breakdown {
  return Object.fromEntries(counts.map(({ name, total }) => [name, total]));
}
