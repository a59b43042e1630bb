import { didYouMean, version } from '../common/index.js';
import type { Command } from './command.js';
import { commands } from './commands.js';
import { help, helpFor } from './help.js';
import { argumentsFrom } from './settings.js';
import { UsageError } from './usage.error.js';

const HELP = ['help', '--help', '-h'];
const VERSION = ['version', '--version', '-v'];

/**
 * Does what the arguments say.
 * @returns the exit code
 * @throws UsageError when they make no sense
 */
export async function run(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined || HELP.includes(first)) return print(help());
  if (VERSION.includes(first)) return print(`${version}\n`);
  const command = find(first);
  if (rest.some((arg) => HELP.includes(arg))) return print(helpFor(command));
  const { settings, extras, operands } = argumentsFrom(command, rest);
  return command.run(settings, extras, operands);
}

function find(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const known = commands.map((command) => command.name);
  const hint = didYouMean(name, known) || ' roundhouse --help lists what there is.';
  throw new UsageError(`There is no command "${name}".${hint}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
