import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { ask } from '../support/rows.js';

const columnsOf = (fields: number) => Array.from({ length: fields }, (_, n) => `column_${n + 1}`);

/** A field as a writer that quotes when it must would write it, or one that quotes always. */
const written = (text: string, quotes: boolean) =>
  quotes || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '"', ',', '\n', '\r\n', ';', '1'), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((value) => !value.includes('\0')),
);

const table = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
  .chain(([fields, end, endsWithEnd, mark]) =>
    fc
      .array(fc.array(fc.tuple(text, fc.boolean()), { minLength: fields, maxLength: fields }), {
        minLength: 1,
        maxLength: 12,
      })
      .map((rows) => ({
        csv:
          (mark ? '\ufeff' : '') +
          rows.map((row) => row.map(([value, quotes]) => written(value, quotes)).join()).join(end) +
          (endsWithEnd ? end : ''),
        fields,
        values: rows.map((row) => row.map(([value]) => value)),
      })),
  );

describe('CSV', () => {
  test('is read as it was meant, as csv-parse reads it, in whatever pieces it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async ({ csv, fields, values }, pieces) => {
        const { objects, columns } = await ask({ format: 'csv', header: false }, csv, pieces);
        expect(columns).toEqual(columnsOf(fields));
        expect(objects.map((row) => Object.values(row))).toEqual(values);
        expect(values).toEqual(parse(csv, { bom: true }));
      }),
      { numRuns: 400 },
    );
  });

  test('is written so that it reads as the same', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ csv, fields, values }) => {
        const select = columnsOf(fields).toReversed();
        const { text: reversed } = await ask(
          { format: 'csv', header: false, select, output: { kind: 'file', format: 'csv' } },
          csv,
        );
        expect(parse(reversed)).toEqual(values.map((row) => row.toReversed()));
      }),
      { numRuns: 200 },
    );
  });

  test('has other delimiters, blank lines and columns without a name', async () => {
    const { objects, text: file } = await ask({ delimiter: ';' }, '\n\r\n;b\r\n\r\n1,5;"2;"\n\n');
    expect(objects).toEqual([{ column_1: '1,5', b: '2;' }]);
    expect(file).toBe('');
    const output = { kind: 'file', format: 'csv' } as const;
    expect((await ask({ delimiter: ';', output, select: ['b'] }, ';b\n1,5;"2;"\n3;\n')).text).toBe(
      'b\n"2;"\n""\n',
    );
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['no line at all', '', /The data is empty: its first line must name the columns/],
    ['two columns of a name', 'a,a\n', /Two columns are called "a"/],
    ['too few fields', 'a,b\n1\n', /^Line 2 has 1 field where the first row has 2/],
    ['too many fields', 'a,b\n1,2,3\n', /^Line 2 has 3 fields where the first row has 2/],
    ['a quote inside a field', 'a,b\n1,2"\n', /^Line 2 has a quote inside a field/],
    ['text after a quote', 'a,b\n"1"2,3\n', /^Line 2 has text after a closing quote/],
    ['a carriage return alone', 'a,b\n1\r2,3\n', /^Line 2 has a carriage return without a line feed/],
    ['lines that end as on an old Mac', 'a,b\r1,2\r', /^Line 1, the first row, has a carriage return/],
    ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', /^Line 2: a quote is opened .* never closed/],
    ['lines inside of quotes, before', 'a,b\n"1\n\n","2\n"\n3\n', /^Line 6 has 1 field/],
    ['a NUL', 'a,b\n1,2\n3,\0\n', /^Line 3 holds a NUL/],
    ['bytes that are no UTF-8', Buffer.from('a,b\n1,2\n3,\xe9\n', 'latin1'), /^Line 3 is not valid UTF-8/],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), /The data is UTF-16: save it as UTF-8/],
    [
      'a row of more than 1 MiB',
      `a,b\n1,${'x'.repeat(1_100_000)}\n`,
      /^Line 2: the row that begins here is longer than 1 MiB/,
    ],
    [
      'a row of more than 1 MiB in quotes',
      `a,b\n1,"${'x\n'.repeat(1_000_000)}`,
      /^Line 2: the row .* Is a quote not closed/,
    ],
    ['too many columns', ','.repeat(20_000), /^Line 1: more than 16,384 fields/],
  ])('with %s is refused with the line and the reason', async (_, data, message) => {
    await expect(ask({}, data, 7_001)).rejects.toThrow(message);
    await expect(ask({}, data)).rejects.toThrow(message);
  });

  test('goes on after a row that is left out', async () => {
    const data = Buffer.from('a,b\n1,2\n3\n"x"y,4\n5,\xe9\n6,7\r8\n"9\n9",z\n', 'latin1');
    for (const pieces of [1, 3, 1_000]) {
      const { objects, rowsRead, rowsSkipped, faults } = await ask({ onError: 'skip' }, data, pieces);
      expect(objects).toEqual([
        { a: '1', b: '2' },
        { a: '9\n9', b: 'z' },
      ]);
      expect([rowsRead, rowsSkipped]).toEqual([6, 4]);
      expect(faults.map((fault) => fault.slice(0, 12))).toEqual([
        'Line 3 has 1',
        'Line 4 has t',
        'Line 5 is no',
        'Line 6 has a',
      ]);
    }
  });

  test('takes a row of just 1 MiB', async () => {
    const { rowsRead } = await ask(
      { output: { kind: 'file', format: 'csv' } },
      `a\n${'x'.repeat(1_048_576)}\n`,
      99_999,
    );
    expect(rowsRead).toBe(1);
  });
});

describe('JSON Lines', () => {
  test('are recognised, and read in whatever pieces they arrive', async () => {
    const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (objects, pieces) => {
        const data = objects.map((row) => ` ${JSON.stringify(row)}\r\n\n`).join('');
        const answer = await ask(objects.length === 0 ? { format: 'jsonl' } : {}, data, pieces);
        expect(answer.objects).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, RegExp]>([
    ['{"a":1}\n[1]\n', /^Line 2 is not a JSON object/],
    ['{"a":1}\n\n{"a":}\n', /^Line 3 is not valid JSON/],
    ['{"a":1}\n{"a":"\0"}\n', /^Line 2 holds a NUL/],
    [`{"a":"${'x'.repeat(1_100_000)}"}\n`, /^Line 1: the row .* longer than 1 MiB/],
  ])('that cannot be read are refused: %.20s', async (data, message) => {
    await expect(ask({}, data, 7_001)).rejects.toThrow(message);
  });

  test('become CSV when it is said which columns it has', async () => {
    const data = '{"a":1,"b":{"c":"x,y"}}\n{"b":null,"d":[1]}\n';
    const output = { kind: 'file', format: 'csv' } as const;
    await expect(ask({ output }, data)).rejects.toThrow(/say with select which are the columns/);
    const { text: file } = await ask({ output, select: ['a', 'b.c', 'd'], rename: { 'b.c': 'c' } }, data);
    expect(file).toBe('a,c,d\n1,"x,y",\n,,[1]\n');
  });

  test('keep all members when some get other names, and show the names of those they have', async () => {
    const data = '{"a":1,"b":2}\n{"c":3}\n';
    const { objects, columns } = await ask({ rename: { a: 'A' } }, data);
    expect(objects).toEqual([{ A: 1, b: 2 }, { c: 3 }]);
    expect(columns).toEqual(['A', 'b', 'c']);
  });
});
