import type { variables } from '../config/index.js';

/** The name of a setting. */
export type Variable = keyof typeof variables;

/** What the service can be asked for when somebody presses the tab key. */
export type Source = 'queues' | 'types' | 'schedules';

/** An option that is no setting: it says how this one call is to be. */
export interface Extra {
  /** What its value is called; absent = it takes none. */
  readonly value?: string;
  readonly says: string;
  /** The values there are. */
  readonly choices?: readonly string[];
  /** Where the values are known. */
  readonly source?: Source;
}

/** A call that works as it stands, in a shell where `$JOB` and the like are set. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** The options that were given, by name; '' where one takes no value. */
export type Extras = Partial<Record<string, string>>;

/** What one command takes, and how it is done. */
export interface Command {
  /** Its options, each another way to give a setting: what it means is told in one place. */
  readonly options?: Readonly<Record<string, Variable>>;
  readonly extras?: Readonly<Record<string, Extra>>;
  /**
   * What is called without an option's name, in its order; absent = nothing is. `[X]` may be left out, `X...` may be
   * several, and `a|b` is one of these words.
   */
  readonly operands?: readonly string[];
  /** Where the values of the first operand are known. */
  readonly source?: Source;
  /** It looks itself whether its operands make sense, and says more than could be said in general. */
  readonly checksOperands?: boolean;
  /** What more there is to know, as sentences. */
  readonly details?: string;
  readonly examples: readonly Example[];
  /**
   * Does it.
   * @param settings the variables given as options
   * @param extras the other options given
   * @param operands what was given of them, and beyond
   * @returns the exit code
   */
  run(settings: Record<string, string>, extras: Extras, operands: readonly string[]): Promise<number>;
}

/** One thing the `roundhouse` command can do; its own file is read when somebody wants it. */
export interface Entry {
  /** One word, or two: what, and what to do with it. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}
