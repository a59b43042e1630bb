import { parseArgs } from 'node:util';
import { didYouMean } from '../common/nearest.js';
import type { Command } from './command.js';
import { UsageError } from './usage.error.js';

/** What a call was given. */
interface Arguments {
  /** The variables that options stand for. */
  readonly settings: Record<string, string>;
  readonly extras: Record<string, string>;
  readonly operands: string[];
}

/** What people try who come from elsewhere, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  'api-key':
    'An argument can be read by every user of this machine, and stays in the history of the shell: set ROUNDHOUSE_API_KEY, or name a file with --api-key-file.',
};

/**
 * What a command's arguments mean.
 * @throws UsageError naming the first argument that means nothing
 */
export function argumentsFrom(name: string, command: Command, args: string[]): Arguments {
  const { options: variables = {}, extras = {} } = command;
  const options = Object.fromEntries([
    ...Object.keys(variables).map((option) => [option, { type: 'string' as const }] as const),
    ...Object.entries(extras).map(
      ([option, { value }]) => [option, { type: value ? 'string' : 'boolean' }] as const,
    ),
  ]) as Record<string, { type: 'string' | 'boolean' }>;
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const given: Arguments = { settings: {}, extras: {}, operands: [] };
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      given.operands.push(token.value);
      continue;
    }
    const { name: option, rawName, value } = token;
    const extra = Object.hasOwn(extras, option) ? extras[option] : undefined;
    if (!extra) given.settings[variableOf(name, command, option, rawName)] = valueOf(rawName, value);
    else
      given.extras[option] = extra.value
        ? chosen(rawName, valueOf(rawName, value), extra.choices)
        : flag(rawName, value);
  }
  checkOperands(name, command, given.operands);
  return given;
}

function variableOf(
  name: string,
  { options = {}, extras = {} }: Command,
  option: string,
  rawName: string,
): string {
  const variable = Object.hasOwn(options, option) ? options[option] : undefined;
  if (variable) return variable;
  if (Object.hasOwn(REFUSED, option))
    throw new UsageError(`There is no option ${rawName}. ${REFUSED[option]}`);
  const known = [...Object.keys(options), ...Object.keys(extras)].map((one) => `--${one}`);
  throw new UsageError(`roundhouse ${name} has no option ${rawName}.${didYouMean(rawName, known)}`);
}

function valueOf(rawName: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${rawName} needs a value, as in ${rawName}=…`);
  return value;
}

function chosen(rawName: string, value: string, choices: readonly string[] | undefined): string {
  if (!choices || choices.includes(value)) return value;
  throw new UsageError(
    `${rawName} takes ${choices.join(', ')}, not "${value}".${didYouMean(value, choices)}`,
  );
}

function flag(rawName: string, value: string | undefined): string {
  if (value !== undefined) throw new UsageError(`${rawName} takes no value: leave "=${value}" out.`);
  return '';
}

function checkOperands(
  name: string,
  { operands = [], checksOperands }: Command,
  given: readonly string[],
): void {
  if (checksOperands) return;
  const missing = operands.filter((operand) => !operand.startsWith('['))[given.length];
  const most = operands.some((operand) => operand.includes('...')) ? Infinity : operands.length;
  const usage = ['roundhouse', name, ...operands].join(' ');
  if (missing !== undefined)
    throw new UsageError(`roundhouse ${name} needs ${missing.replace('...', '')}, as in: ${usage}`);
  const excess = given[most];
  if (excess !== undefined)
    throw new UsageError(`roundhouse ${name} does not know what to do with "${excess}".`);
}
