import { readFileSync } from 'node:fs';
import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';

/** The JSON that an argument is, or names: `-` is standard input, `@FILE` a file. @throws CliError when it is none */
export function jsonFrom(argument: string, what: string): unknown {
  const [from, text] = sourceOf(argument);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError(
      EXIT_CODES.input,
      `${what}${from} is not JSON: ${(error as Error).message}. In a shell, JSON stands in single quotes, such as '{"hello": "world"}'.`,
    );
  }
}

function sourceOf(argument: string): [from: string, text: string] {
  if (argument === '-') return [' on standard input', read(0, 'Standard input')];
  if (argument.startsWith('@'))
    return [` in ${argument.slice(1)}`, read(argument.slice(1), argument.slice(1))];
  return ['', argument];
}

function read(file: string | number, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT_CODES.input, `${name} cannot be read: ${(error as Error).message}.`);
  }
}
