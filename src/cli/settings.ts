import { parseArgs } from 'node:util';
import { didYouMean } from '../common/index.js';
import type { Command } from './command.js';
import { UsageError } from './usage.error.js';

/** What a call was given. */
interface Arguments {
  /** The variables that options stand for. */
  readonly settings: Record<string, string>;
  readonly extras: Record<string, string>;
  readonly operands: string[];
}

/**
 * What a command's arguments mean.
 * @throws UsageError naming the first argument that means nothing
 */
export function argumentsFrom(command: Command, args: string[]): Arguments {
  const { options: variables, extras = {} } = command;
  const options = Object.fromEntries([
    ...Object.keys(variables).map((name) => [name, { type: 'string' as const }] as const),
    ...Object.entries(extras).map(
      ([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }] as const,
    ),
  ]) as Record<string, { type: 'string' | 'boolean' }>;
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const given: Arguments = { settings: {}, extras: {}, operands: [] };
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      given.operands.push(token.value);
      if (command.operands) continue;
      throw new UsageError(`roundhouse ${command.name} does not know what to do with "${token.value}".`);
    }
    const { name, rawName, value } = token;
    const extra = Object.hasOwn(extras, name) ? extras[name] : undefined;
    if (!extra) given.settings[variableOf(command, name, rawName)] = valueOf(rawName, value);
    else given.extras[name] = extra.value ? valueOf(rawName, value) : '';
  }
  return given;
}

function variableOf({ name, options, extras = {} }: Command, option: string, rawName: string): string {
  const variable = Object.hasOwn(options, option) ? options[option] : undefined;
  if (variable) return variable;
  const known = [...Object.keys(options), ...Object.keys(extras)].map((known) => `--${known}`);
  throw new UsageError(`roundhouse ${name} has no option ${rawName}.${didYouMean(rawName, known)}`);
}

function valueOf(rawName: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${rawName} needs a value, as in ${rawName}=…`);
  return value;
}
