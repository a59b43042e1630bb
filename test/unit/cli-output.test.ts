import fc from 'fast-check';
import { plainLine, plainText, safeJson } from '../../src/cli/output/plain-text.js';
import { barOf } from '../../src/cli/output/progress-bar.js';
import { type Column, table } from '../../src/cli/output/table.js';
import { ago, spoken } from '../../src/cli/output/times.js';
import { fitted, padded, widthOf } from '../../src/cli/output/width.js';

/** What makes a terminal do something, or shows text in another order than it is. */

const DRIVES =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

const HOSTILE = [
  ['an escape sequence', '\u001b[2Jgone', '\\u001b[2Jgone'],
  ['the title of a window', '\u001b]0;root\u0007', '\\u001b]0;root\\u0007'],
  ['an 8-bit control', '\u009b31mred', '\\u009b31mred'],
  ['an override of direction', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
  ['an isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
  ['a tag', '\u{e0041}', '\\u{e0041}'],
  ['what has no width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['half a character', 'x\ud800y', 'x\\ud800y'],
  ['lines and tabs', 'a\nb\r\nc\td\u2028e', 'a b c d e'],
  ['a carriage return', 'ok\rFAILED', 'ok FAILED'],
  ['backspaces', 'a\u0008b\u007f', 'a\\u0008b\\u007f'],
];

describe('text from elsewhere', () => {
  test.each(HOSTILE)('cannot drive a terminal by %s', (_, text, shown) => {
    expect(plainLine(text)).toBe(shown);
  });

  test('is never anything that drives a terminal, in whatever way it is shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainLine(text)).not.toMatch(DRIVES);
        expect(plainText(text).replaceAll('\t', '')).not.toMatch(DRIVES);
        expect(safeJson({ text }, 2)).not.toMatch(DRIVES);
      }),
    );
  });

  test('is the same value in JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(safeJson({ value }))).toEqual(JSON.parse(JSON.stringify({ value })));
      }),
    );
    expect(JSON.parse(safeJson('\u202e\u{e0041}\u009b'))).toBe('\u202e\u{e0041}\u009b');
  });

  test('keeps its letters, accents, emoji and joiners', () => {
    const text = 'Grüße, 世界, नमस्ते, 👩‍👩‍👧 é';
    expect(plainLine(text)).toBe(text);
  });
});

describe('the width of a line', () => {
  test.each([
    ['plain', 5],
    ['世界', 4],
    ['é', 1],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['✔️', 2],
    ['1️⃣', 2],
    ['ｶﾅ', 2],
    ['한국', 4],
    ['e\u0301\u0302', 1],
    ['', 0],
  ])('of "%s" is %d columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  test('is never more than there is room for, and what was cut ends with …', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, room) => {
        const line = plainLine(text);
        const cut = fitted(line, room);
        expect(widthOf(cut)).toBeLessThanOrEqual(room);
        if (cut !== line && room > 0) expect(cut).toMatch(/…$/);
      }),
    );
    expect(fitted('世界人', 4)).toBe('世…');
  });

  test('is filled up on either side', () => {
    expect(padded('世', 4)).toBe('世  ');
    expect(padded('7', 3, true)).toBe('  7');
    expect(padded('long', 2)).toBe('long');
  });
});

describe('a table', () => {
  interface Row {
    readonly id: string;
    readonly count: number;
    readonly text: string | null;
  }
  const columns: readonly Column<Row>[] = [
    { title: 'ID', of: ({ id }) => id },
    { title: 'COUNT', of: ({ count }) => count, isRight: true },
    { title: 'TEXT', of: ({ text }) => text, shrinks: true },
  ];
  const rows: readonly Row[] = [
    { id: 'a1', count: 5, text: 'short' },
    { id: 'b22', count: 1234, text: 'a text that is long enough to be cut\nwith a second line' },
    { id: 'c', count: 0, text: null },
  ];

  test('is as wide as its cells when nobody looks', () => {
    expect(table(columns, rows, { width: undefined })).toBe(
      [
        'ID   COUNT  TEXT',
        'a1       5  short',
        'b22   1234  a text that is long enough to be cut with a second line',
        'c        0  -',
        '',
      ].join('\n'),
    );
  });

  test('is as wide as the terminal at most, and cuts the texts that may be', () => {
    expect(table(columns, rows, { width: 30 })).toBe(
      ['ID   COUNT  TEXT', 'a1       5  short', 'b22   1234  a text that is lo…', 'c        0  -', ''].join(
        '\n',
      ),
    );
  });

  test('leaves columns out that have no room', () => {
    const lines = table(columns, rows, { width: 12 }).split('\n');
    expect(lines[0]).toBe('ID   COUNT');
  });

  test('holds a line for each row whatever is in it, none wider than the terminal', () => {
    const row = fc.record({
      id: fc.string({ unit: 'binary' }),
      count: fc.integer(),
      text: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 20, max: 120 }), (some, width) => {
        const lines = table(columns, some, { width }).trimEnd().split('\n');
        expect(lines).toHaveLength(some.length + 1);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('styles a cell without moving the others', () => {
    const red = (text: string) => `<${text}>`;
    const styled = [{ ...columns[0]!, style: () => red }, ...columns.slice(1)];
    expect(table(styled, rows.slice(0, 1), { width: 40 })).toBe('ID  COUNT  TEXT\n<a1>      5  short\n');
  });
});

describe('a progress bar', () => {
  test.each([
    [0, '[----------]   0 %  x'],
    [0.5, '[#####-----]  50 %  x'],
    [1, '[##########] 100 %  x'],
    [7, '[##########] 100 %  x'],
    [undefined, 'x'],
  ])('of %s is drawn as %s', (share, drawn) => {
    expect(barOf({ share, says: 'x' }, 30)).toBe(drawn);
  });

  test('never breaks its line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (says, share, width) => {
          const bar = barOf({ share, says }, width);
          expect(widthOf(bar)).toBeLessThanOrEqual(width);
          expect(bar).not.toMatch(DRIVES);
        },
      ),
    );
  });
});

describe('times', () => {
  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [185, '3 min'],
    [3_600, '1 h'],
    [7_500, '2 h 5 min'],
    [86_400 * 3 + 7_200, '3 d 2 h'],
    [86_400 * 40, '40 d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(spoken(seconds)).toBe(text);
  });

  test('are told from now', () => {
    const now = Date.parse('2026-02-01T12:00:00Z');
    expect(ago('2026-02-01T11:59:30Z', now)).toBe('30 s ago');
    expect(ago('2026-02-01T12:05:00Z', now)).toBe('in 5 min');
    expect(ago(null, now)).toBeNull();
    expect(ago('\u001bnever', now)).toBe('\u001bnever');
  });
});
