import { readFileSync } from 'node:fs';
import { variables } from '../../src/config/index.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

/** A default as a person writes it. */
function written(value: unknown): string {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? 'all' : value.join();
  return value === undefined ? '' : `${value as string | number | boolean}`;
}

describe('the settings', () => {
  test.each(Object.entries(variables))(
    '%s stands in the README as it is',
    (name, { default: value, desc }) => {
      const shown = written(value) ? `\`${written(value)}\`` : '–';
      expect(readme).toContain(`| \`${name}\` | ${shown} | ${desc} |`);
    },
  );

  test.each(Object.entries(variables))(
    '%s stands in .env.example as it is',
    (name, { default: value, desc }) => {
      expect(example).toContain(`# ${desc}\n#${name}=${written(value)}\n`);
    },
  );

  test('nothing else is documented', () => {
    const names = [...example.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(variables));
  });
});
