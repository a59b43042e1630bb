import { nearest } from '../common/nearest.js';
import { version } from '../common/version.js';
import { argumentsFrom } from './arguments.js';
import type { Entry } from './command.js';
import { commands } from './commands.js';
import { help, helpFor, helpForGroup } from './help.js';
import { UsageError } from './usage.error.js';

const HELP = ['help', '--help', '-h'];
const VERSION = ['version', '--version', '-v'];
const MANUAL = ['manual', '--manual'];

/** Shells call it when somebody presses the tab key. */
const COMPLETE = '__complete';

/**
 * Does what the arguments say.
 * @returns the exit code
 * @throws UsageError when they make no sense
 */
export async function run(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) return print(help(commands));
  if (HELP.includes(first)) return rest.length > 0 ? run([...rest, '--help']) : print(help(commands));
  if (VERSION.includes(first)) return print(`${version}\n`);
  if (MANUAL.includes(first)) return print(await (await import('./manual.js')).manual(commands));
  if (first === COMPLETE) return print(await (await import('./complete.js')).complete(commands, rest));
  const entry = find(args);
  const wantsHelp = wantsHelpIn(args);
  if (!entry) return groupHelp(args, wantsHelp);
  const command = await entry.load();
  if (wantsHelp) return print(await helpFor(entry, command));
  const words = entry.name.split(' ').length;
  const { settings, extras, operands } = argumentsFrom(entry.name, command, args.slice(words));
  return command.run(settings, extras, operands);
}

/** What stands behind `--` is never meant for us. */
function wantsHelpIn(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(1, end === -1 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

/** The command that the first words name; undefined when they name several. */
function find([first = '', second]: readonly string[]): Entry | undefined {
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first)
  );
}

function groupHelp([first = '', second]: readonly string[], wantsHelp: boolean): number {
  const members = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (members.length === 0) throw unknown(first, [...new Set(commands.map(({ name }) => wordOf(name, 0)))]);
  if (second === undefined || second === 'help' || (wantsHelp && second.startsWith('-')))
    return print(helpForGroup(first, members));
  const known = members.map(({ name }) => wordOf(name, 1));
  if (second.startsWith('-'))
    throw new UsageError(`Say first what to do: roundhouse ${first} ${known.join('|')}.`);
  throw unknown(second, known, first);
}

function wordOf(name: string, at: number): string {
  return name.split(' ')[at] ?? '';
}

function unknown(word: string, known: readonly string[], group?: string): UsageError {
  const full = (name: string) => (group === undefined ? name : `${group} ${name}`);
  const guess = nearest(word, known);
  const hint =
    guess === undefined
      ? `${group === undefined ? 'roundhouse' : `roundhouse ${group}`} --help lists what there is.`
      : `Did you mean "${full(guess)}"?`;
  return new UsageError(`There is no command "${full(word)}". ${hint}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
