import { help, optionsOf } from './help.js';
import type { Entry } from './command.js';
import { EXIT_CODES, MEANINGS } from './exit-codes.js';

/** All commands with all they take, as Markdown: what docs/cli.md holds. */
export async function manual(entries: readonly Entry[]): Promise<string> {
  const chapters = await Promise.all(entries.map(chapterOf));
  return `${INTRODUCTION}
## Exit codes

| code | |
|---|---|
${Object.entries(EXIT_CODES)
  .map(([what, code]) => `| ${code} | ${MEANINGS[what as keyof typeof MEANINGS]} |`)
  .join('\n')}

## Overview

\`\`\`
${help(entries).trimEnd()}
\`\`\`

## Commands

${chapters.join('\n')}`;
}

async function chapterOf(entry: Entry): Promise<string> {
  const command = await entry.load();
  const { operands = [], details, examples } = command;
  const options = await optionsOf(command);
  const usage = ['roundhouse', entry.name, ...operands].join(' ');
  const table = options.map(([option, says]) => `| \`${option}\` | ${says.replaceAll('|', '\\|')} |`);
  const lines = examples.flatMap(({ line, says }) => [`# ${says}`, line]);
  return [
    `### ${usage.replace(/[[\]|<>]/g, '\\$&')}`,
    entry.summary,
    ...(details === undefined ? [] : [details]),
    ...(table.length > 0 ? [['| option | |', '|---|---|', ...table].join('\n')] : []),
    ...(lines.length > 0 ? [['```sh', ...lines, '```'].join('\n')] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

const INTRODUCTION = `# The command line

This page is what \`roundhouse --manual\` prints. \`npx roundhouse\`, or \`bin/roundhouse\` from anywhere, is the command;
\`npm link\` puts \`roundhouse\` itself on the path. \`roundhouse <command> --help\` tells the same about one command.

## Which service

\`submit\`, \`jobs\`, \`queues\`, \`schedules\`, \`workflows\`, \`dead-letters\`, \`operations\`, \`workers\` and \`audit-log\` call the public API of a running
service, from any machine. The others work on the database, with the settings of the service.

| variable of the environment | option | |
|---|---|---|
| \`ROUNDHOUSE_URL\` | \`--url\` | Where the service is; http://127.0.0.1:8000 otherwise. |
| \`ROUNDHOUSE_API_KEY\` | | The API key, where the service asks for one. |
| \`ROUNDHOUSE_API_KEY_FILE\` | \`--api-key-file\` | The file that holds it. |

A key is never an argument: those can be read by every user of a machine. It is sent nowhere but to that address, redirects
are not followed, and a \`.env\` file has no say in either.

## For people and for scripts

On a terminal, tables are as wide as it is: long texts are cut, with \`…\` at the end, and elsewhere nothing is.
Colours are for terminals alone, and \`NO_COLOR=1\` switches them off. What jobs hold is shown, never obeyed: control characters,
escape sequences and marks that turn text around are spelled out.

With \`--json\`, standard output is one JSON document, the answer of the API as it stands in \`openapi.json\`, or, for what goes on and
on (\`--all\`, \`jobs watch\`, \`jobs logs --follow\`), one line of JSON each. Everything beside the answer, progress bars included, goes to
standard error. A reader that goes away (\`| head\`) ends it without a word.
`;
