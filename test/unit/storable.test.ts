import { runInNewContext } from 'node:vm';
import { storableError } from '../../src/queue/index.js';
import { storableResult, toStorableJson } from '../../src/queue/settle/storable.js';

/** What is read back. */
const kept = (result: unknown): unknown => JSON.parse(storableResult(result) ?? 'null');

describe('a result', () => {
  test.each([{ a: [1, 'x', null] }, 'text', 0, false, null, []])('is kept as it is: %j', (result) => {
    expect(kept(result)).toEqual(result);
  });

  test('that is nothing is null', () => {
    expect(kept(undefined)).toBeNull();
    expect(kept(() => 1)).toBeNull();
  });

  test('keeps proper characters and gets a substitute for what PostgreSQL cannot store', () => {
    const result = {
      'a\0': 'x\0y',
      half: '\ud83d',
      pair: '😀',
      backslash: '\\u0000 \\ud800',
      deep: [{ b: '\udc00' }],
    };
    expect(kept(result)).toEqual({
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
    expect(kept(result)).toEqual({ unserializable: true, reason: expect.any(String) });
  });

  test('of more than 256 KiB is cut to a preview', () => {
    const fits = 'x'.repeat(256 * 1024 - 2);
    expect(kept(fits)).toBe(fits);
    expect(kept(`${fits}x`)).toEqual({
      truncated: true,
      bytes: 256 * 1024 + 1,
      preview: `"${'x'.repeat(999)}`,
    });
    expect(kept('ä'.repeat(200 * 1024))).toMatchObject({ truncated: true, bytes: 400 * 1024 + 2 });
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
      cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED', config: 'CANARY' }),
      code: 42,
    });
    expect(storableError(error)).toEqual({
      name: 'Error',
      message: 'Request failed',
      stack: error.stack,
      code: '42',
      cause: {
        name: 'Error',
        message: 'refused',
        stack: expect.stringMatching(/^Error: refused/),
        code: 'ECONNREFUSED',
      },
    });
    const thrown = { headers: { Authorization: 'CANARY' }, status: 500 };
    expect(storableError(thrown)).toEqual({
      name: 'NonError',
      message: 'The handler threw a value that is not an error: an object with headers, status',
    });
  });

  test('is kept without what is secret by its form, also where it is cut', () => {
    const jwt =
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
    const secret = [
      'connect ECONNREFUSED postgres://jobs:SECRET-a@db/x',
      'headers: Authorization: Bearer SECRET-b12345, Basic SECRET-c1234=',
      `a token ${jwt}`,
      `signed by whsec_SECRETdddddddddddd`,
    ].join('\n');
    const error = new Error(secret, { cause: new Error(secret) });
    const kept = JSON.stringify(storableError(error));
    expect(kept).not.toMatch(/SECRET|dozjgNryP4J3/);
    expect(kept.match(/Redacted/g)!.length).toBeGreaterThanOrEqual(15);
    const long = `${'x'.repeat(4_080)}postgres://jobs:${'SECRET'.repeat(20)}@db/x`;
    expect(JSON.stringify(storableError(new Error(long)))).not.toContain('SECRET');
  });

  test.each([
    'Basic authentication is not enough: Bearer authentication is needed',
    'see https://example.org/a:b and mail jobs@example.org',
  ])('is kept as it is when it only sounds secret: %s', (message) => {
    expect(storableError(new Error(message)).message).toBe(message);
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

  test('says what it can when part of it cannot be read', () => {
    const fail = () => {
      throw new Error('no');
    };
    const withoutText = Object.assign(new Error(), { message: Object.create(null) });
    expect(storableError(withoutText)).toMatchObject({ name: 'Error', message: 'Error' });
    const withoutStack = Object.defineProperty(new Error('real'), 'stack', { get: fail });
    expect(storableError(withoutStack)).toEqual({ name: 'Error', message: 'real' });
    expect(storableError(new Proxy({}, { ownKeys: fail })).message).toBe(
      'The handler threw a value that is not an error: one that cannot be read',
    );
  });

  test('has three causes at most, and each half the room of the one before', () => {
    const long = 'x'.repeat(100_000);
    const errorWith = (depth: number): Error =>
      new Error(long, depth > 0 ? { cause: errorWith(depth - 1) } : {});
    const error = storableError(errorWith(9));
    const chain = [error, error.cause!, error.cause!.cause!, error.cause!.cause!.cause!];
    expect(
      chain.map(
        ({ message }) => message.length <= 4_096 && message.endsWith('(truncated from 100000 characters)'),
      ),
    ).toEqual([true, true, true, true]);
    expect(chain[3]!.cause).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(error))).toBeLessThan(16 * 1024);
    // A long message leaves room for where it was thrown.
    expect(error.stack).toContain('storable.test');
  });

  test('without a message says its name', () => {
    expect(storableError(new RangeError())).toMatchObject({ name: 'RangeError', message: 'RangeError' });
  });

  test('of any size takes 16 KiB at most', () => {
    const error = new Error('x'.repeat(1_000_000));
    error.name = 'y'.repeat(1_000_000);
    const { name, message, stack } = storableError(error);
    for (const [text, most] of [
      [name, 200],
      [message, 4 * 1024],
      [stack!, 4 * 1024],
    ] as const) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
      expect(text.length).toBeGreaterThan(most - 10);
    }
    expect(Buffer.byteLength(storableError('😀'.repeat(9_999)).message)).toBeLessThanOrEqual(4 * 1024);
  });
});
