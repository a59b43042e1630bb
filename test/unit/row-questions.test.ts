import type { Aggregate, Condition } from '../../src/tasks/process-data/engine/plan.js';
import { Sum } from '../../src/tasks/process-data/engine/sum.js';
import { ask } from '../support/rows.js';

describe('a condition', () => {
  const taken = async (condition: Omit<Condition, 'field'>, values: readonly string[]) => {
    const filter = [{ field: 'v', ...condition }];
    const csv = ['n,v', ...values.map((value, n) => `${n},"${value}"`)].join('\n');
    const jsonl = values.map((v, n) => JSON.stringify({ n: String(n), v })).join('\n');
    const answers = await Promise.all([csv, jsonl].map((data) => ask({ filter, select: ['n'] }, data)));
    const [fromCsv, fromJson] = answers.map(({ objects }) => objects.map(({ n }) => values[Number(n)]));
    expect(fromJson).toEqual(fromCsv);
    return fromCsv;
  };

  test.each<[Condition['op'], Condition['value'], string[], string[]]>([
    ['eq', 5, ['5', '5.0', '0.5e1', '05', '', 'x', '50'], ['5', '5.0', '0.5e1']],
    ['eq', '5.00', ['5', '5.001'], ['5']],
    [
      'eq',
      '12345678901234567890',
      ['12345678901234567890', '12345678901234567891'],
      ['12345678901234567890'],
    ],
    ['eq', 'De', ['De', 'DE', 'De ', ''], ['De']],
    ['eq', '', ['', ' '], ['']],
    ['eq', true, ['true', 'TRUE', '1'], ['true']],
    ['ne', 5, ['5', '5.0', '', 'x'], ['', 'x']],
    ['lt', 10, ['9', '10', '-1', '', 'a', '9.99', '007'], ['9', '-1', '9.99']],
    ['lte', 10, ['10.0', '10.1'], ['10.0']],
    ['gt', 10, ['9', '11', 'a', '', '1e2'], ['11', '1e2']],
    ['gte', '2026-02', ['2026-01-31', '2026-02-01', '', '2027'], ['2026-02-01', '2027']],
    ['contains', 'ab', ['ab', 'xaby', 'aab', 'a b', ''], ['ab', 'xaby', 'aab']],
    ['starts_with', 'é', ['été', 'ete', ''], ['été']],
    ['in', ['a', 5, true], ['a', '5.0', 'true', 'b', ''], ['a', '5.0', 'true']],
    ['exists', true, ['', 'x', ' '], ['x', ' ']],
    ['exists', false, ['', 'x'], ['']],
  ])('%s %j', async (op, value, values, expected) => {
    expect(await taken({ op, value }, values)).toEqual(expected);
  });

  test('reads what is missing and null as empty, and objects as their JSON', async () => {
    const data = '{"n":1}\n{"n":2,"v":null}\n{"n":3,"v":false}\n{"n":4,"v":{"a":[1]}}\n{"n":5,"v":""}\n';
    const numbers = async (op: Condition['op'], value: Condition['value'], field = 'v') =>
      (await ask({ filter: [{ field, op, value }] }, data)).objects.map(({ n }) => n);
    expect(await numbers('exists', false)).toEqual([1, 2, 5]);
    expect(await numbers('eq', false)).toEqual([3]);
    expect(await numbers('eq', '{"a":[1]}')).toEqual([4]);
    expect(await numbers('eq', '[1]', 'v.a')).toEqual([4]);
    expect(await numbers('exists', true, 'toString')).toEqual([]);
  });

  test('holds together with all others, and reading ends with the last row that is wanted', async () => {
    const data = `v,w\n${'5,a\n6,a\n7,b\n'.repeat(1_000)}`;
    const filter: Condition[] = [
      { field: 'v', op: 'gt', value: 5 },
      { field: 'w', op: 'eq', value: 'a' },
    ];
    const answer = await ask({ filter, limit: 2 }, data, 100);
    expect(answer.objects).toEqual([
      { v: '6', w: 'a' },
      { v: '6', w: 'a' },
    ]);
    expect(answer.rowsRead).toBe(5);
    await expect(ask({ filter: [{ field: 'V', op: 'eq', value: 1 }] }, data)).rejects.toThrow(
      'There is no column "V". Did you mean "v"? The columns are: v, w',
    );
  });
});

describe('groups', () => {
  const data = 'shop,day,amount\nA,1,0.1\nB,1,5\nA,1,0.2\nA,2,\nB,2,-3\n';
  const aggregate: Aggregate[] = [
    { op: 'count', field: undefined, as: 'rows' },
    { op: 'count', field: 'amount', as: 'amounts' },
    { op: 'sum', field: 'amount', as: 'sum' },
    { op: 'avg', field: 'amount', as: 'avg' },
    { op: 'min', field: 'amount', as: 'min' },
    { op: 'max', field: 'amount', as: 'max' },
    { op: 'count_distinct', field: 'day', as: 'days' },
  ];

  test('are counted and added up, in the order in which they turn up', async () => {
    expect((await ask({ groupBy: ['shop'], aggregate }, data)).objects).toEqual([
      { shop: 'A', rows: 3, amounts: 2, sum: 0.3, avg: 0.15, min: 0.1, max: 0.2, days: 2 },
      { shop: 'B', rows: 2, amounts: 2, sum: 2, avg: 1, min: -3, max: 5, days: 2 },
    ]);
  });

  test('are one of all rows without group_by, also of none', async () => {
    expect(
      (await ask({ aggregate, filter: [{ field: 'shop', op: 'eq', value: 'C' }] }, data)).objects,
    ).toEqual([{ rows: 0, amounts: 0, sum: 0, avg: null, min: null, max: null, days: 0 }]);
  });

  test('are sorted, limited and written as CSV', async () => {
    const output = { kind: 'file', format: undefined } as const;
    const sort = [
      { field: 'n', order: 'desc' },
      { field: 'day', order: 'asc' },
    ] as const;
    const count: Aggregate[] = [{ op: 'count', field: undefined, as: 'n' }];
    const { text } = await ask({ groupBy: ['day', 'shop'], aggregate: count, sort, limit: 2, output }, data);
    expect(text).toBe('day,shop,n\n1,A,2\n1,B,1\n');
    await expect(ask({ groupBy: ['day'], sort: [{ field: 'x', order: 'asc' }] }, data)).rejects.toThrow(
      'Groups have no column "x" to sort by. They have: day',
    );
  });

  test('leave out or refuse rows whose number is none, and then count them nowhere', async () => {
    const bad = `${data}C,1,n/a\nA,1,1e999\n`;
    await expect(ask({ groupBy: ['shop'], aggregate }, bad)).rejects.toThrow(
      /^Line 7 has "n\/a" in amount, which is no number to add up/,
    );
    const answer = await ask({ groupBy: ['shop'], aggregate, onError: 'skip' }, bad);
    expect(answer.objects).toHaveLength(2);
    expect([answer.rowsMatched, answer.rowsSkipped]).toEqual([5, 2]);
    expect(answer.faults[1]).toContain('too large to add up');
  });

  test('are at most 100,000, and their texts at most 48 MiB', async () => {
    const many = (rows: number, of: (n: number) => string) =>
      `a\n${Array.from({ length: rows }, (_, n) => of(n)).join('\n')}`;
    const output = { kind: 'file', format: 'csv' } as const;
    expect((await ask({ groupBy: ['a'], output }, many(100_000, String))).rowsWritten).toBe(100_000);
    await expect(ask({ groupBy: ['a'], output }, many(100_001, String))).rejects.toThrow(
      /more than 100,000 groups/,
    );
    const distinct: Aggregate[] = [{ op: 'count_distinct', field: 'a', as: 'n' }];
    await expect(
      ask(
        { aggregate: distinct },
        many(10_000, (n) => `${n}${'x'.repeat(5_000)}`),
      ),
    ).rejects.toThrow(/take more than 48 MiB/);
  });

  test('keep the first value that is equal as text', async () => {
    const rows = '{"a":1}\n{"a":"1"}\n{"a":null}\n{}\n{"a":"x"}\n';
    const count: Aggregate[] = [{ op: 'count', field: undefined, as: 'n' }];
    expect((await ask({ groupBy: ['a'], aggregate: count }, rows)).objects).toEqual([
      { a: 1, n: 2 },
      { a: null, n: 2 },
      { a: 'x', n: 1 },
    ]);
  });
});

describe('a sum', () => {
  const sumOf = (numbers: readonly [number, number][]) => {
    const sum = new Sum();
    for (const [units, scale] of numbers) sum.add(units, scale, true);
    return sum.value;
  };

  test('of amounts of money is exact', () => {
    expect(sumOf(Array.from({ length: 1_000 }, () => [1, 1]))).toBe(100);
    expect(
      sumOf([
        [1, 1],
        [2, 1],
        [3, 2],
      ]),
    ).toBe(0.33);
    expect(
      sumOf([
        [5, 0],
        [1, 15],
        [-5, 0],
      ]),
    ).toBe(1e-15);
  });

  test('of more digits than a number has loses no more than the last', () => {
    expect(
      sumOf([
        [999_999_999_999_999, 0],
        [1, 15],
        [-999_999_999_999_999, 0],
      ]),
    ).toBe(1e-15);
    expect(sumOf(Array.from({ length: 100 }, () => [999_999_999_999_999, 0]))).toBe(99_999_999_999_999_900);
  });
});
