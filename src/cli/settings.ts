import { parseArgs } from 'node:util';
import { didYouMean } from '../common/index.js';
import type { Command } from './command.js';
import { UsageError } from './usage.error.js';

/**
 * The variables that a command's arguments stand for.
 * @throws UsageError naming the first argument that means nothing
 */
export function settingsFrom(command: Command, args: string[]): Record<string, string> {
  const options = Object.fromEntries(
    Object.keys(command.options).map((name) => [name, { type: 'string' as const }]),
  );
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const settings: Record<string, string> = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw new UsageError(`roundhouse ${command.name} does not know what to do with "${token.value}".`);
    }
    settings[variableOf(command, token.name, token.rawName)] = valueOf(token.rawName, token.value);
  }
  return settings;
}

function variableOf({ name, options }: Command, option: string, rawName: string): string {
  const variable = Object.hasOwn(options, option) ? options[option] : undefined;
  if (variable) return variable;
  const known = Object.keys(options).map((known) => `--${known}`);
  throw new UsageError(`roundhouse ${name} has no option ${rawName}.${didYouMean(rawName, known)}`);
}

function valueOf(rawName: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${rawName} needs a value, as in ${rawName}=…`);
  return value;
}
