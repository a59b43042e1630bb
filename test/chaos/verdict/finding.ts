/** One thing a verdict looked for, and how often it was found. */
export interface Finding {
  readonly name: string;
  readonly count: number;
  /** Whether one of it is one too many; else it is told as a figure. */
  readonly isFault: boolean;
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 5;

/** Something that must not be. */
export function fault(name: string, found: readonly string[]): Finding {
  return { name, count: found.length, isFault: true, examples: found.slice(0, MOST_EXAMPLES) };
}

/** Something that may be, and is worth knowing. */
export function figure(name: string, found: readonly string[]): Finding {
  return { ...fault(name, found), isFault: false };
}
