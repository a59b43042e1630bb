import { artifactNameFault } from '../../src/artifacts/index.js';
import { normalContentType } from '../../src/artifacts/artifact-name.js';
import { TRAVERSALS } from '../support/traversals.js';

describe('the name of an artifact', () => {
  test.each([
    'a',
    '7',
    'report.pdf',
    'Report 2026-02-01 final.pdf',
    'archive.tar.gz',
    'a..b',
    'a_',
    'x-',
    'console.log',
    'com10.txt',
    'nullable',
    `${'a'.repeat(251)}.csv`,
  ])('may be %j', (name) => expect(artifactNameFault(name)).toBeUndefined());

  test.each(TRAVERSALS)('leads nowhere: %j', (name) => expect(artifactNameFault(name)).toMatch(/^m/));

  test.each([
    ['empty', ''],
    ['too long', 'a'.repeat(256)],
    ['no text', 7],
    ['none', undefined],
    ['a leading dot', '.env'],
    ['a leading space', ' a'],
    ['a leading dash', '-rf'],
    ['a trailing dot', 'a.'],
    ['a trailing space', 'a '],
    ['NUL', 'a\0.pdf'],
    ['a line break', 'a\r\nSet-Cookie: b'],
    ['a trailing line break', 'a\n'],
    ['quotes', 'a".pdf'],
    ['a tab', 'a\tb'],
    ['DEL', 'a\x7fb'],
    ['another script', 'отчёт'],
    ['half of a surrogate pair', 'a\ud800'],
    ...['CON', 'con.txt', 'Aux', 'nul.tar.gz', 'PRN .txt', 'COM1', 'lpt9.log'].map((device) => [
      device,
      device,
    ]),
  ] as [string, unknown][])('must not be %s', (_, name) => expect(artifactNameFault(name)).toMatch(/^m/));
});

describe('the content type of an artifact', () => {
  test.each([
    ['text/csv', 'text/csv'],
    ['TEXT/Plain; charset=UTF-8', 'text/plain;charset=UTF-8'],
    ['application/vnd.api+json', 'application/vnd.api+json'],
  ])('%s is kept as %s', (given, kept) => expect(normalContentType(given)).toBe(kept));

  test.each([
    '',
    'text',
    'text/',
    'a b/c',
    'text/plain\r\nX-Evil: 1',
    `text/${'a'.repeat(300)}`,
    'text/plain; a="é"',
    7,
  ])('%j is refused with a sentence', (given) =>
    expect(() => normalContentType(given)).toThrow(/must be a media type .* such as "text\/csv"/),
  );
});
