/** A place in line at its head. */
export interface Candidate {
  readonly id: string;
  /** The limit key of its job. */
  readonly key: string | null;
  /** Whether it must run alone. */
  readonly isSuspect: boolean;
}

/** What is decided on the head of a line. */
export interface Choice {
  readonly starts: readonly string[];
  /** Keys whose limit refuses some of the others. */
  readonly refused: ReadonlySet<string>;
}

/** How much there is room for. */
export interface Room {
  readonly jobs: number;
  /** How many of them may be jobs that must run alone. */
  readonly alone: number;
  /** By key; a key that is missing has no limit. */
  readonly keys: ReadonlyMap<string, number>;
}

/** Which of the first in line start, given how much room there is. Pure; the order is that of the line. */
export function choose(head: readonly Candidate[], room: Room): Choice {
  const starts: string[] = [];
  const refused = new Set<string>();
  const left = new Map(room.keys);
  let alone = room.alone;
  for (const { id, key, isSuspect } of head) {
    if (starts.length >= room.jobs) break;
    const ofKey = key === null ? Infinity : (left.get(key) ?? Infinity);
    if (key !== null && ofKey <= 0) refused.add(key);
    else if (!isSuspect || alone > 0) {
      starts.push(id);
      if (isSuspect) alone -= 1;
      if (key !== null && ofKey !== Infinity) left.set(key, ofKey - 1);
    }
  }
  return { starts, refused };
}
