import { runInNewContext } from 'node:vm';
import { storableError } from '../../src/queue/index.js';
import { storableResult, toStorableJson } from '../../src/queue/settle/storable.js';

describe('a result', () => {
  test.each([{ a: [1, 'x', null] }, 'text', 0, false, null, []])('is kept as it is: %j', (result) => {
    expect(storableResult(result)).toEqual(result);
  });

  test('that is nothing is null', () => {
    expect(storableResult(undefined)).toBeNull();
    expect(storableResult(() => 1)).toBeNull();
  });

  test('keeps proper characters and gets a substitute for what PostgreSQL cannot store', () => {
    const result = {
      'a\0': 'x\0y',
      half: '\ud83d',
      pair: '😀',
      backslash: '\\u0000 \\ud800',
      deep: [{ b: '\udc00' }],
    };
    expect(storableResult(result)).toEqual({
      'a\ufffd': 'x\ufffdy',
      half: '\ufffd',
      pair: '😀',
      backslash: '\\u0000 \\ud800',
      deep: [{ b: '\ufffd' }],
    });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const deep = (levels: number, leaf: unknown) => {
    let value = leaf;
    for (let level = 0; level < levels; level++) value = [value];
    return value;
  };
  test.each([
    ['cyclic', cyclic],
    ['a BigInt', { n: 1n }],
    ['deeper than the stack', deep(100_000, 1)],
    [
      'unreadable',
      {
        get x() {
          throw new Error('no');
        },
      },
    ],
    [
      'unreadable in its own way',
      {
        toJSON() {
          throw Object.create(null);
        },
      },
    ],
  ])('that JSON cannot hold says so: %s', (_, result) => {
    expect(storableResult(result)).toEqual({ unserializable: true, reason: expect.any(String) });
  });

  test('of more than 256 KiB is cut to a preview', () => {
    const fits = 'x'.repeat(256 * 1024 - 2);
    expect(storableResult(fits)).toBe(fits);
    expect(storableResult(`${fits}x`)).toEqual({
      truncated: true,
      bytes: 256 * 1024 + 1,
      preview: `"${'x'.repeat(999)}`,
    });
    expect(storableResult('ä'.repeat(200 * 1024))).toMatchObject({ truncated: true, bytes: 400 * 1024 + 2 });
  });

  test('leaves JSON text that is fine untouched', () => {
    const text = toStorableJson([{ a: 'ä 😀' }]);
    expect(text).toBe('[{"a":"ä 😀"}]');
  });
});

describe('an error', () => {
  test('is kept with its name, message and stack', () => {
    const error = new TypeError('no such thing');
    expect(storableError(error)).toEqual({ name: 'TypeError', message: 'no such thing', stack: error.stack });
  });

  test('never brings its other properties along', () => {
    const error = Object.assign(new Error('Request failed'), {
      config: { headers: { Authorization: 'Bearer CANARY' } },
      response: { data: 'CANARY' },
      cause: new Error('CANARY'),
      code: 'CANARY',
    });
    expect(JSON.stringify(storableError(error))).not.toContain('CANARY');
    const thrown = { headers: { Authorization: 'CANARY' }, status: 500 };
    expect(storableError(thrown)).toEqual({
      name: 'NonError',
      message: 'The handler threw a value that is not an error: an object with headers, status',
    });
  });

  test('of another realm is an error all the same', () => {
    expect(storableError(runInNewContext(`new RangeError('far away')`))).toMatchObject({
      name: 'RangeError',
      message: 'far away',
    });
  });

  test.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['just text', 'just text'],
    [42, '42'],
    [Symbol('s'), 'Symbol(s)'],
    [{}, 'an object with no members'],
    [{ message: 'said so' }, 'said so'],
    [Object.create(null), 'an object with no members'],
  ])('that is none is told as what it is: %p', (thrown, told) => {
    expect(storableError(thrown)).toEqual({
      name: 'NonError',
      message: `The handler threw a value that is not an error: ${told}`,
    });
  });

  test('that does not let itself be read is an error all the same', () => {
    const hostile = [
      Object.assign(new Error(), { message: Object.create(null) }),
      Object.defineProperty(new Error(), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ];
    for (const thrown of hostile) {
      expect(storableError(thrown).message).toBe(
        'The handler threw a value that is not an error: one that cannot be read',
      );
    }
  });

  test('without a message says its name', () => {
    expect(storableError(new RangeError())).toMatchObject({ name: 'RangeError', message: 'RangeError' });
  });

  test('of any size takes 16 KiB at most', () => {
    const error = new Error('x'.repeat(1_000_000));
    error.name = 'y'.repeat(1_000_000);
    const { name, message, stack } = storableError(error);
    expect([name.length, message.length, stack!.length]).toEqual([201, 4 * 1024 + 1, 12 * 1024 + 1]);
  });
});
