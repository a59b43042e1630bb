import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ByteWriter } from '../../src/tasks/process-data/engine/byte-writer.js';
import { parseDecimal } from '../../src/tasks/process-data/engine/decimal.js';
import { compareBytes, sliceOf, textOf } from '../../src/tasks/process-data/engine/slice.js';
import { writeKey } from '../../src/tasks/process-data/engine/sort-key.js';
import { Sorter } from '../../src/tasks/process-data/engine/sorter.js';

function keyOf(text: string, isDescending = false) {
  const out = new ByteWriter(8);
  writeKey(sliceOf(text), isDescending, out);
  return { buffer: out.buffer, start: 0, end: out.length };
}

const order = (a: string, b: string, isDescending?: boolean) =>
  Math.sign(compareBytes(keyOf(a, isDescending), keyOf(b, isDescending)));

describe('the order of values', () => {
  test.each(['0', '-0', '7', '-12.50', '.5', '-.5', '1e3', '1E-3', '1.5e+10', '0.0', '12345678901234567890'])(
    '%s is a number',
    (text) => {
      expect(parseDecimal(sliceOf(text))).toBe(true);
    },
  );

  test.each([
    '',
    '-',
    '.',
    '5.',
    '+5',
    '007',
    '-01',
    '1,000',
    '1 000',
    ' 5',
    '5 ',
    '1e',
    '1e+',
    '1e99999',
    '0x10',
    'NaN',
    'Infinity',
    '١',
    '1.2.3',
    '--1',
    '5'.repeat(1_001),
  ])('%.30s is a text', (text) => {
    expect(parseDecimal(sliceOf(text))).toBe(false);
  });

  test('of numbers is theirs, exactly, however many digits they have', () => {
    // All are whole numbers of 10^-20, which BigInt compares exactly.
    const number = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.nat({ max: 20 }),
      fc.integer({ min: -4, max: 4 }),
    );
    const write = ([units, scale, shift]: [bigint, number, number]) => {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
      const whole = digits.slice(0, digits.length - scale);
      const text = `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
      return shift === 0 ? text : `${text}e${shift}`;
    };
    const exact = ([units, scale, shift]: [bigint, number, number]) =>
      units * 10n ** BigInt(24 - scale + shift);
    fc.assert(
      fc.property(number, number, (a, b) => {
        const difference = exact(a) - exact(b);
        expect(order(write(a), write(b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(order(write(a), write(b), true)).toBe(difference < 0n ? 1 : difference > 0n ? -1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is numbers, texts by their characters, nothing; and descending nothing is still last', () => {
    const values = [
      '-1e30',
      '-2',
      '-1.5',
      '0',
      '1e-30',
      '9',
      '10',
      '007',
      'Z',
      'a',
      'aa',
      'é',
      '\uffff',
      '😀',
      '',
    ];
    expect(values.toSorted((a, b) => order(a, b))).toEqual(values);
    expect(values.toSorted((a, b) => order(a, b, true))).toEqual([...values.slice(0, -1).toReversed(), '']);
  });
});

describe('a sort', () => {
  const sorted = (
    rows: readonly (readonly [string, string])[],
    options: { arenaBytes?: number; limit?: number; folder?: string },
  ) => {
    const sorter = new Sorter({ folder: tmpdir(), ...options });
    try {
      for (const [key, row] of rows) {
        const [keyBytes, rowBytes] = [new ByteWriter(8), new ByteWriter(8)];
        writeKey(sliceOf(key), false, keyBytes);
        rowBytes.text(row);
        sorter.add(keyBytes, rowBytes);
      }
      return Array.from(sorter.sorted(), textOf);
    } finally {
      sorter.close();
    }
  };
  const rowsOf = (keys: readonly string[], width = 0) =>
    keys.map((key, n) => [key, `${key}:${n}${'.'.repeat(width)}`] as const);
  const expected = (rows: readonly (readonly [string, string])[]) =>
    rows.toSorted(([a], [b]) => order(a, b)).map(([, row]) => row);

  test('in memory and in any number of runs gives one order, and equal rows keep theirs', () => {
    const key = fc.oneof(fc.integer({ min: 0, max: 20 }).map(String), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 200 }),
        fc.constantFrom(64, 300, 5_000, 1_000_000),
        (keys, arenaBytes) => {
          const rows = rowsOf(keys);
          expect(sorted(rows, { arenaBytes })).toEqual(expected(rows));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('merges in several rounds when there are more runs than can be read at once', () => {
    // Rows of 1 MiB leave memory for 24 runs at a time.
    const rows = rowsOf(
      Array.from({ length: 60 }, (_, n) => String((n * 37) % 50)),
      1_048_576,
    );
    expect(sorted(rows, { arenaBytes: 1_024 }).map((row) => row.slice(0, 8))).toEqual(
      expected(rows).map((row) => row.slice(0, 8)),
    );
  });

  test('gives only the first rows when no more are wanted', () => {
    const rows = rowsOf(Array.from({ length: 5_000 }, (_, n) => String((n * 7_919) % 5_000)));
    for (const arenaBytes of [1_000, 1_000_000])
      expect(sorted(rows, { arenaBytes, limit: 7 })).toEqual(expected(rows).slice(0, 7));
  });

  test('sweeps what a process that died in a moment left, and nothing that is new or not its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roundhouse-sorts-'));
    const names = ['sorted-rows-1-old', 'sorted-rows-1-new', 'other'];
    for (const name of names) await writeFile(join(folder, name), '');
    for (const name of ['sorted-rows-1-old', 'other']) await utimes(join(folder, name), 0, 0);
    const rows = rowsOf(['2', '1', '3'], 100);
    expect(sorted(rows, { arenaBytes: 64, folder })).toEqual(expected(rows));
    expect((await readdir(folder)).toSorted()).toEqual(['other', 'sorted-rows-1-new']);
    await rm(folder, { recursive: true });
  });
});
