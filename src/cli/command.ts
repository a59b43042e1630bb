import type { variables } from '../config/index.js';

/** The name of a setting. */
export type Variable = keyof typeof variables;

/** An option that is no setting: it says how this one call is to be. */
export interface Extra {
  /** What its value is called; absent = it takes none. */
  readonly value?: string;
  readonly says: string;
}

/** One thing the `roundhouse` command can do. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Its options, each another way to give a setting: what it means is told in one place. */
  readonly options: Readonly<Record<string, Variable>>;
  readonly extras?: Readonly<Record<string, Extra>>;
  /** What is called without an option's name, in its order; absent = nothing is. */
  readonly operands?: readonly string[];
  /**
   * Does it.
   * @param settings the variables given as options
   * @param extras the other options given; '' where one takes no value
   * @param operands what was given of them, and beyond
   * @returns the exit code
   */
  run(
    settings: Record<string, string>,
    extras: Partial<Record<string, string>>,
    operands: readonly string[],
  ): Promise<number>;
}
