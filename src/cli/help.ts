import type { Command, Entry } from './command.js';

/** A name and what is said of it. */
export type Row = readonly [left: string, right: string];

/** What `roundhouse --help` says. */
export function help(entries: readonly Entry[]): string {
  return `Roundhouse, a job processing service on PostgreSQL.

Usage: roundhouse <command> [options]

${rows(overview(entries))}

${rows([
  ['--help', 'Show this, or after a command what it takes.'],
  ['--version', 'Show the version.'],
  ['--manual', 'Show all of it, as Markdown.'],
])}

Settings of the service come from the environment or a .env file; an option takes precedence over its variable.
ROUNDHOUSE_URL and ROUNDHOUSE_API_KEY, of the environment, say which service is called, and with what key.
`;
}

/** What `roundhouse <command> --help` says. */
export async function helpFor({ name, summary }: Entry, command: Command): Promise<string> {
  const { operands = [], details, examples } = command;
  const options = await optionsOf(command);
  const usage = ['roundhouse', name, ...operands, ...(options.length > 0 ? ['[options]'] : [])].join(' ');
  return [
    summary,
    `Usage: ${usage}`,
    ...(options.length > 0 ? [rows(options)] : []),
    ...(details === undefined ? [] : [details]),
    ...(examples.length === 0 ? [] : [['Examples:', ...examples.map(exampleLines)].join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What `roundhouse <group> --help` says. */
export function helpForGroup(group: string, members: readonly Entry[]): string {
  const list = rows(members.map(({ name, summary }): Row => [name, summary]));
  return `Usage: roundhouse ${group} <what> [options]\n\n${list}\n\nroundhouse ${group} <what> --help tells what it takes.\n`;
}

/** The options of a command and what they mean. */
export async function optionsOf({ options = {}, extras = {} }: Command): Promise<Row[]> {
  // What settings mean is told with the settings, which take a while to load.
  const settings = Object.entries(options);
  const variables = settings.length > 0 ? (await import('../config/index.js')).variables : undefined;
  return [
    ...settings.map(([option, variable]): Row => [
      `--${option} ${variable}`,
      variables?.[variable].desc ?? '',
    ]),
    ...Object.entries(extras).map(([option, { value = '', says }]): Row => [
      `--${option} ${value}`.trim(),
      says,
    ]),
  ];
}

/** A line for each command, and one for what can be done with the same things. */
function overview(entries: readonly Entry[]): Row[] {
  const lines = new Map<string, string>();
  for (const { name, summary } of entries) {
    const [group = '', action] = name.split(' ');
    const known = lines.get(group);
    lines.set(group, action === undefined ? summary : known === undefined ? action : `${known}, ${action}`);
  }
  return [...lines];
}

function exampleLines({ line, says }: { line: string; says: string }): string {
  return `  # ${says}\n  ${line}`;
}

function rows(all: readonly Row[]): string {
  const width = Math.max(...all.map(([left]) => left.length));
  return all.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`).join('\n');
}
