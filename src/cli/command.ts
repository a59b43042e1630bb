import type { variables } from '../config/index.js';

/** The name of a setting. */
export type Variable = keyof typeof variables;

/** One thing the `roundhouse` command can do. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Its options, each another way to give a setting: what it means is told in one place. */
  readonly options: Readonly<Record<string, Variable>>;
  /**
   * Does it.
   * @param settings the variables given as options
   * @returns the exit code
   */
  run(settings: Record<string, string>): Promise<number>;
}
