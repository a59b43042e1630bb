import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(['welcome.handler.ts', 'welcome.test.ts'])('docs/testing.md shows %s as it is', (file) => {
  expect(read('docs/testing.md')).toContain(`\`\`\`ts\n${read(`test/examples/welcome/${file}`)}\`\`\`\n`);
});
