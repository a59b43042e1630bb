import { variables } from '../config/index.js';
import type { Command } from './command.js';
import { commands } from './commands.js';

/** What `roundhouse --help` says. */
export function help(): string {
  return `Roundhouse, a job processing service on PostgreSQL.

Usage: roundhouse <command> [options]

${table(commands.map(({ name, summary }) => [name, summary]))}

${table([
  ['--help', 'Show this, or after a command what it takes.'],
  ['--version', 'Show the version.'],
])}

Settings come from the environment or a .env file; an option takes precedence over its variable.
`;
}

/** What `roundhouse <command> --help` says. */
export function helpFor({ name, summary, options, extras = {}, operands = [] }: Command): string {
  const rows = [
    ...Object.entries(options).map(([option, variable]) => [
      `--${option} ${variable}`,
      variables[variable].desc ?? '',
    ]),
    ...Object.entries(extras).map(([option, { value = '', says }]) => [`--${option} ${value}`.trim(), says]),
  ];
  const usage = ['roundhouse', name, ...operands, ...(rows.length > 0 ? ['[options]'] : [])].join(' ');
  return `${summary}\n\nUsage: ${usage}\n${rows.length > 0 ? `\n${table(rows)}\n` : ''}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}   ${right}`).join('\n');
}
