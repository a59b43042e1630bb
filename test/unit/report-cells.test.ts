import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { cellOf, isCanonicalNumber, printedText } from '../../src/tasks/generate-report/cells.js';
import { csvOf } from '../../src/tasks/generate-report/csv.js';
import type { Row, Total } from '../../src/tasks/generate-report/report.js';
import { collected, tableFrom } from '../support/reports.js';

const csv = async (rows: Row[], wanted: Parameters<typeof tableFrom>[1] = {}, bom = false) =>
  (await collected(csvOf(await tableFrom(rows, wanted), bom))).toString();

describe('a value', () => {
  test.each([
    [undefined, undefined, null],
    ['', 'text', null],
    [12, 'text', '12'],
    [true, undefined, true],
    [{ a: [1] }, undefined, '{"a":[1]}'],
    ['12', undefined, '12'],
    ['12', 'integer', 12],
    [' -1.50 ', 'decimal', -1.5],
    ['+.5', 'decimal', 0.5],
    ['n/a', 'decimal', 'n/a'],
    ['1e3', 'decimal', '1e3'],
    ['12345678901234567890', 'integer', '12345678901234567890'],
    ['2026-02-28', 'date', new Date('2026-02-28T00:00:00Z')],
    ['2026-02-28 23:30', 'date', new Date('2026-02-28T23:30:00Z')],
    ['2026-02-28T23:30:00-02:00', 'date', new Date('2026-03-01T01:30:00Z')],
    ['2026-02-30', 'date', '2026-02-30'],
    ['yesterday', 'date', 'yesterday'],
    [1767225600, 'date', '1767225600'],
  ] as const)('%j as %s is %j', (value, format, cell) => {
    expect(cellOf(value, format)).toEqual(cell);
  });

  test.each([
    [1234567.891, undefined, '1234567.891'],
    [1234567.891, 'integer', '1,234,568'],
    [1234.5, 'decimal', '1,234.50'],
    [-0.125, 'percent', '-12.5%'],
    [new Date('2026-03-01T01:30:00Z'), 'date', '2026-03-01'],
    ['n/a', 'decimal', 'n/a'],
    [null, 'decimal', ''],
  ] as const)('%j as %s is printed %s', (cell, format, text) => {
    expect(printedText(cell, format)).toBe(text);
  });

  test.each(['007', '+1', '1.50', '1e3', '.5', '-0', '', ' 1', '0x1', 'Infinity'])(
    '%j in a CSV file stays text',
    (text) => expect(isCanonicalNumber(text)).toBe(false),
  );

  test('text taken for a number is written as the same text again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double().map(String), fc.integer().map(String)), (text) => {
        fc.pre(isCanonicalNumber(text));
        expect(String(Number(text))).toBe(text);
      }),
    );
    expect(isCanonicalNumber('-1.5')).toBe(true);
  });
});

describe('a CSV file', () => {
  test('quotes what needs quotes and ends lines with CRLF', async () => {
    const rows = [{ name: 'Ada "Countess", L.', note: 'two\nlines', age: 36, born: null }];
    expect(await csv(rows)).toBe('name,note,age,born\r\n"Ada ""Countess"", L.","two\nlines",36,\r\n');
  });

  test('begins with a byte order mark when that is asked for', async () => {
    expect(await csv([{ a: 'é' }], {}, true)).toBe('\uFEFFa\r\né\r\n');
  });

  test('keeps a row that is nothing but one empty field', async () => {
    expect(await csv([{ a: null }, { a: 1 }])).toBe('a\r\n""\r\n1\r\n');
  });

  test.each([
    ['=1+2', "'=1+2"],
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+cmd|x', "'+cmd|x"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['-12.5', '-12.5'],
    ['+49', '+49'],
    [-12.5, '-12.5'],
    ['a=b', 'a=b'],
  ])('writes %j as %j, so that no formula is run', async (value, field) => {
    expect(await csv([{ a: value }])).toBe(`a\r\n${field}\r\n`);
  });

  test('defuses the names of columns, too', async () => {
    expect(await csv([{ '=cmd': 1 }])).toBe("'=cmd\r\n1\r\n");
  });

  test('is read by others as what was written', async () => {
    const harmless = fc.string({ unit: 'grapheme' }).filter((text) => !/^[=+\-@\t\r]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ a: harmless, b: harmless }), { minLength: 1 }), async (rows) => {
        const columns = [{ field: 'a' }, { field: 'b' }];
        expect(parse(await csv(rows, { columns }), { columns: true })).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  test('takes the columns in the order they are named, with their labels', async () => {
    const columns = [{ field: 'b', label: 'Second' }, { field: 'missing' }, { field: 'toString' }];
    expect(await csv([{ a: 1, b: 2 }], { columns })).toBe('Second,missing,toString\r\n2,,\r\n');
  });
});

describe('the totals', () => {
  const rows = [
    { item: 'tea', amount: 0.1, at: '2026-01-01' },
    { item: 'coffee', amount: 0.2, at: null },
    { item: null, amount: 'n/a', at: '' },
  ];
  const lastLines = async (summary: Total[]) => (await csv(rows, { summary })).split('\r\n').slice(4, -1);

  test('are one row for each operation, exact to 15 digits, with a label where there is room', async () => {
    expect(
      await lastLines([
        { field: 'amount', op: 'sum' },
        { field: 'amount', op: 'avg' },
        { field: 'amount', op: 'count' },
        { field: 'item', op: 'count' },
      ]),
    ).toEqual(['Total,0.3,', 'Average,0.15,', '2,3,Count']);
  });

  test('have no average of nothing, and a sum of 0', async () => {
    expect(await lastLines([{ field: 'at', op: 'avg' }])).toEqual(['Average,,']);
    expect(await lastLines([{ field: 'at', op: 'sum' }])).toEqual(['Total,,0']);
  });

  test('do not lose small numbers beside large ones', async () => {
    const large = [1e15, 0.25, -1e15, 0.25].map((n) => ({ n }));
    const text = await csv(large, { summary: [{ field: 'n', op: 'sum' }] });
    expect(text.trim().split('\r\n').at(-1)).toBe('0.5');
  });
});

describe('a table', () => {
  test('says which values are none of their format', async () => {
    const columns = [{ field: 'n', format: 'integer' as const }, { field: 't' }];
    const table = await tableFrom([{ n: 1, t: 'x' }, { n: 'n/a' }, { n: '?' }, {}], { columns });
    await collected(csvOf(table, false));
    expect([...table.counts.misfits]).toEqual([['n', 2]]);
  });

  test('refuses more rows than its format takes', async () => {
    const table = await tableFrom([{ a: 1 }, { a: 2 }, { a: 3 }], { mostRows: 2 });
    await expect(collected(csvOf(table, false))).rejects.toThrow('more than 2 rows');
  });

  test('refuses totals of what it does not show, and rows without fields', async () => {
    await expect(tableFrom([{ a: 1 }], { summary: [{ field: 'b', op: 'sum' }] })).rejects.toThrow(
      'summary names "b", which is no column of the report',
    );
    await expect(tableFrom([])).rejects.toThrow('say in columns what the report shows');
  });

  test('lets others have their turn, and ends when the attempt must end', async () => {
    const attempt = new AbortController();
    const endless = (function* () {
      for (;;) yield { a: 'x' };
    })();
    const table = await tableFrom(endless, { mostRows: Infinity, signal: attempt.signal });
    setTimeout(() => attempt.abort(new Error('cancelled')), 20);
    await expect(collected(csvOf(table, false))).rejects.toThrow('cancelled');
  });
});
