import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { commands } from '../../src/cli/commands.js';
import { variables } from '../../src/config/index.js';
import { jsonOf } from '../support/documents/answers.js';
import { DOCUMENTS, blocksOf, isShell } from '../support/documents/blocks.js';
import { anchorsOf, callsOf, linksOf, proseOf, spansOf, typedLinesOf } from '../support/documents/words.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, object> };

/** Served, and nobody's business as an operation. */
const PAGES = ['/', '/docs', '/redoc', '/openapi.json', '/overview.json', '/metrics'];

/** Of programs that are not ours. */
const OTHERS_VARIABLES =
  /^(?:NODE_EXTRA_CA_CERTS|PROMETHEUS_URL|OTEL_EXPORTER_OTLP_(?:HEADERS|COMPRESSION))$/;

/** What a reader makes. */
const MADE_BY_READERS = /^(?:src\/tasks\/count-words|docker\/\.env$|docker\/kubernetes\/overlays\/mine)/;

/** Folders whose files documents name by their paths. */
const FOLDERS = [
  ...['src', 'test', 'docs', 'docker', 'bench', 'scripts', 'examples', 'bin', 'migrations', 'public', '.ci'],
  'clients',
];

/** All that is ours and no document. */
const sources = FOLDERS.filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => !file.includes('node_modules') && !file.endsWith('.md') && statSync(file).isFile())
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** Whether the API answers a method at a path in which `{…}` stands for anything. */
function isRoute(method: string, path: string): boolean {
  const bare = path.replace(/[?#].*$/, '').replace(/(?<=.)\/$/, '');
  if (method === 'GET' && PAGES.includes(bare)) return true;
  const parts = bare.split('/');
  return Object.entries(paths).some(([known, methods]) => {
    const others = known.split('/');
    const fits = (part: string, index: number) =>
      part === others[index] || (isOpen(part) && isOpen(others[index]!)) || isOpen(others[index]!);
    return (
      Object.hasOwn(methods, method.toLowerCase()) && parts.length === others.length && parts.every(fits)
    );
  });
}

const isOpen = (part: string) => part.startsWith('{');

describe.each(DOCUMENTS)('%s', (document) => {
  test('names scripts of package.json that there are', () => {
    const text = [...spansOf(document), ...typedLinesOf(document)].join('\n');
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)];
    const unknown = named
      .map(([, script = '', short = script]) => short)
      .filter((name) => !Object.hasOwn(scripts, name));
    expect(unknown).toEqual([]);
  });

  test('calls roundhouse with commands and options that there are', async () => {
    const faults: string[] = [];
    for (const words of callsOf(document)) {
      const [first = '', second = ''] = words;
      if (['--help', '--version', '--manual'].includes(first) || /^<|^…$/.test(first)) continue;
      const named = commands.find(({ name }) => name === `${first} ${second}` || name === first);
      const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
      if (!named && !(isGroup && (second === '' || second === '--help'))) faults.push(words.join(' '));
      const { options = {}, extras = {} } = (await named?.load()) ?? {};
      const known = ['help', ...Object.keys(options), ...Object.keys(extras)];
      for (const word of words)
        if (/^--\w/.test(word) && !known.includes(word.slice(2).replace(/=.*/, '')))
          faults.push(words.join(' '));
    }
    expect(faults).toEqual([]);
  });

  test('names variables that are read', () => {
    const names = spansOf(document).flatMap(
      (span) => span.match(/\b[A-Z][A-Z\d]*_[A-Z\d_]*[A-Z\d]\b/g) ?? [],
    );
    const unknown = names.filter(
      (name) =>
        !Object.hasOwn(variables, name.replace(/_FILE$/, '')) &&
        !OTHERS_VARIABLES.test(name) &&
        !sources.includes(name),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  test('shows settings that there are', () => {
    const blocks = blocksOf(document).filter(
      (block) => !isShell(block) && /^(?:[A-Z][A-Z_]+=.*\n?)+$/.test(block.text),
    );
    const names = blocks.flatMap(({ text }) =>
      [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name),
    );
    expect(names.filter((name) => !Object.hasOwn(variables, name))).toEqual([]);
  });

  test('names routes that there are', () => {
    const routes = spansOf(document).flatMap((span) => [
      ...span.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[^\s,)]*)/g),
    ]);
    const unknown = routes
      .filter(([, method = '', path = '']) => !path.includes('…') && !isRoute(method, path))
      .map(([route]) => route);
    expect(unknown).toEqual([]);
  });

  test('names files that there are', () => {
    const named = spansOf(document).filter((span) =>
      new RegExp(`^(?:${FOLDERS.map((folder) => folder.replace('.', '\\.')).join('|')})/[\\w./-]+$`).test(
        span,
      ),
    );
    const isThere = (file: string) => existsSync(file) || existsSync(file.replace(/\.js$/, '.ts'));
    expect(named.filter((file) => !isThere(file) && !MADE_BY_READERS.test(file))).toEqual([]);
  });

  test('links to what is there', () => {
    const faults = linksOf(document).filter((address) => {
      const [file = '', anchor] = address.split('#');
      const target = file === '' ? document : normalize(join(dirname(document), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(faults).toEqual([]);
  });

  test('shows JSON and YAML that can be read', () => {
    const blocks = blocksOf(document);
    const where = ({ line, text }: { line: number; text: string }) => `${line}: ${text.slice(0, 60)}`;
    const broken = [
      ...blocks.filter(({ language, text }) => language === 'json' && jsonOf(text) === undefined),
      ...blocks.filter(
        ({ language, text }) =>
          /^ya?ml$/.test(language) && parseAllDocuments(text).some(({ errors }) => errors.length > 0),
      ),
    ];
    expect(broken.map(where)).toEqual([]);
  });

  test('has no block that nothing ends', () => {
    expect(proseOf(document)).not.toMatch(/^ *```/m);
  });
});
