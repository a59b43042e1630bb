import { readFileSync } from 'node:fs';
import { commands } from '../../src/cli/commands.js';
import { EXIT_CODES } from '../../src/cli/exit-codes.js';
import { help, optionsOf } from '../../src/cli/help.js';
import { manual } from '../../src/cli/manual.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('docs/cli.md', () => {
  test('is what roundhouse --manual prints: bin/roundhouse --manual > docs/cli.md', async () => {
    expect(page).toBe(await manual(commands));
  });

  test.each(commands.map((entry) => [entry.name, entry] as const))('tells all of %s', async (name, entry) => {
    const command = await entry.load();
    const [, chapter = ''] = page.split(new RegExp(`\n### roundhouse ${name}(?=[ \n])`));
    const own = chapter.split('\n### ')[0]!;
    expect(own).toContain(entry.summary);
    for (const [option, says] of await optionsOf(command))
      expect(own).toContain(`| \`${option}\` | ${says.replaceAll('|', '\\|')} |`);
    for (const { line } of command.examples) expect(own).toContain(line);
  });

  test('tells each exit code', () => {
    for (const code of Object.values(EXIT_CODES))
      expect(page).toMatch(new RegExp(`^\\| ${code} \\| \\w`, 'm'));
  });
});

describe('the commands', () => {
  test('have names of their own, a summary, and examples that call them', async () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const entry of commands) {
      expect(entry.summary).toMatch(/^[A-Z].*\.$/);
      const { examples, operands = [], options = {}, extras = {} } = await entry.load();
      for (const { line } of examples) expect(line).toContain(`roundhouse ${entry.name}`);
      // What it would do is not to be done to the files of whoever runs the tests.
      if (entry.name !== 'generate') expect(examples.length).toBeGreaterThan(0);
      expect(Object.keys(options).filter((option) => Object.hasOwn(extras, option))).toEqual([]);
      expect(operands.slice(0, -1).some((operand) => operand.includes('...'))).toBe(false);
    }
  });

  test('are all in the help', () => {
    const text = help(commands);
    for (const { name } of commands) for (const word of name.split(' ')) expect(text).toContain(word);
  });
});
