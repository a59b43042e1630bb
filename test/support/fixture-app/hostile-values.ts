import { runInNewContext } from 'node:vm';

/** Something that a handler returns, and what must be kept of it. */
interface HostileResult {
  readonly make: () => unknown;
  readonly kept: unknown;
}

/** Something that a handler throws, and what must be kept of it: a job must say what really happened. */
interface HostileError {
  readonly make: () => unknown;
  readonly kept: { readonly name: string; readonly message: string | RegExp } & Record<string, unknown>;
}

const LOST = (reason: string | RegExp) => ({ unserializable: true, reason });
const NOT_AN_ERROR = 'The handler threw a value that is not an error: ';
const MEGABYTE = 1024 * 1024;

function fail(): never {
  throw new Error('Nobody may look at this');
}

function circle(): object {
  const one: Record<string, unknown> = { name: 'one' };
  one.other = { one };
  return one;
}

function deep(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

/** Lets itself be read so many times. */
function readable(times: number, value: unknown): object {
  let left = times;
  return {
    get value() {
      if (left-- <= 0) fail();
      return value;
    },
  };
}

export const HOSTILE_RESULTS: Record<string, HostileResult> = {
  'a NUL': { make: () => ({ 'k\0': 'a\0b' }), kept: { 'k\ufffd': 'a\ufffdb' } },
  'half characters': { make: () => ['\ud800', '\udc00x', '😀'], kept: ['\ufffd', '\ufffdx', '😀'] },
  nothing: { make: () => undefined, kept: null },
  'a function': { make: () => fail, kept: null },
  'a symbol': { make: () => Symbol('s'), kept: null },
  'no number': {
    make: () => [NaN, Infinity, -Infinity, -0, 5e-324, 1.7e308],
    kept: [null, null, null, 0, 5e-324, 1.7e308],
  },
  'a large integer': {
    make: () => ({ n: 10n ** 20n }),
    kept: LOST('Do not know how to serialize a BigInt'),
  },
  'a date': { make: () => new Date(0), kept: '1970-01-01T00:00:00.000Z' },
  'a date that is none': { make: () => new Date(NaN), kept: null },
  'a map and a set': { make: () => [new Map([[1, 2]]), new Set([1])], kept: [{}, {}] },
  bytes: { make: () => Buffer.from('ab'), kept: { type: 'Buffer', data: [97, 98] } },
  'an error': { make: () => new Error('returned, not thrown'), kept: {} },
  'a circle': { make: circle, kept: LOST(saying('circular')) },
  'a toJSON that throws': { make: () => ({ toJSON: fail }), kept: LOST('Nobody may look at this') },
  'a toJSON that is a text': { make: () => ({ toJSON: 'x' }), kept: { toJSON: 'x' } },
  'a getter that throws': { make: () => readable(0, 1), kept: LOST('Nobody may look at this') },
  'a getter that works once': { make: () => readable(1, 'x'), kept: { value: 'x' } },
  'a proxy that refuses': {
    make: () => ({ inner: new Proxy({}, { ownKeys: fail, get: fail }) }),
    kept: LOST('Nobody may look at this'),
  },
  'members of every object': {
    make: () => JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":null}') as unknown,
    kept: JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":null}'),
  },
  '300 MB': {
    make: () => 'x'.repeat(300 * MEGABYTE),
    kept: { truncated: true, bytes: 300 * MEGABYTE + 2, preview: `"${'x'.repeat(999)}` },
  },
  '100,000 lists inside each other': {
    make: () => deep(100_000, (inner) => [inner]),
    kept: LOST('Maximum call stack size exceeded'),
  },
  '3,000 objects inside each other': {
    make: () => deep(3_000, (a) => ({ a })),
    kept: { truncated: true, bytes: 18_001, preview: '{"a":'.repeat(200) },
  },
  'a preview that ends in half a character': {
    make: () => `${'x'.repeat(998)}😀${'x'.repeat(256 * 1024)}`,
    kept: { truncated: true, bytes: 256 * 1024 + 1_004, preview: `"${'x'.repeat(998)}\ufffd` },
  },
  'a thenable': {
    make: () => ({ then: (done: (value: unknown) => void) => done('later') }),
    kept: 'later',
  },
  'a promise that rejects after it resolved': {
    make: () =>
      new Promise((resolve, reject) => {
        resolve('first');
        reject(new Error('too late'));
      }),
    kept: 'first',
  },
  'a thenable that throws after it resolved': {
    make: () => ({
      then: (done: (value: unknown) => void) => {
        done('first');
        fail();
      },
    }),
    kept: 'first',
  },
};

const thrown = (value: unknown, told: string): HostileError => ({
  make: () => value,
  kept: { name: 'NonError', message: `${NOT_AN_ERROR}${told}` },
});

const withMembers = (error: Error, members: object) => Object.assign(error, members);
const withGetter = (member: string) => Object.defineProperty(new Error('real'), member, { get: fail });

export const HOSTILE_ERRORS: Record<string, HostileError> = {
  null: thrown(null, 'null'),
  undefined: thrown(undefined, 'undefined'),
  'a text': thrown('text', 'text'),
  'a long text': {
    make: () => 'x'.repeat(MEGABYTE),
    kept: { name: 'NonError', message: saying('truncated from 1048624 characters') },
  },
  'an object': thrown({}, 'an object with no members'),
  'an object that says something': thrown({ message: 'said so' }, 'said so'),
  'an object with secrets': thrown(
    { headers: { Authorization: 'CANARY-IN-ERRORS' } },
    'an object with headers',
  ),
  'a number': thrown(0, '0'),
  'a symbol': thrown(Symbol('s'), 'Symbol(s)'),
  'a function': thrown(fail, 'a function'),
  'an object without a prototype': thrown(Object.create(null), 'an object with no members'),
  'a proxy that refuses': thrown(
    new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }),
    'one that cannot be read',
  ),
  'a class whose texts throw': thrown({ toString: fail, valueOf: fail }, 'an object with toString, valueOf'),
  'a message with NUL and half characters': {
    make: () => new Error('a\0b\ud800'),
    kept: { name: 'Error', message: 'a\ufffdb\ufffd' },
  },
  'a message of 1 MB': {
    make: () => new Error('x'.repeat(MEGABYTE)),
    kept: {
      name: 'Error',
      message: saying('truncated from 1048576 characters'),
      stack: saying('hostile-values'),
    },
  },
  'a message of 50 MB': {
    make: () => new Error('x'.repeat(50 * MEGABYTE)),
    kept: { name: 'Error', message: saying('truncated from 52428800 characters') },
  },
  'a name that is no text': {
    make: () => withMembers(new RangeError('real'), { name: 42 }),
    kept: { name: 'RangeError', message: 'real' },
  },
  'a name that cannot be read': { make: () => withGetter('name'), kept: { name: 'Error', message: 'real' } },
  'a stack that cannot be read': {
    make: () => withGetter('stack'),
    kept: { name: 'Error', message: 'real' },
  },
  'a stack that is no text': {
    make: () => withMembers(new Error('real'), { stack: { frames: [] } }),
    kept: { name: 'Error', message: 'real' },
  },
  'a cause that cannot be read': {
    make: () => withGetter('cause'),
    kept: { name: 'Error', message: 'real' },
  },
  'a message that cannot be read': {
    make: () => withGetter('message'),
    kept: { name: 'Error', message: 'Error' },
  },
  'a message that is a number': {
    make: () => withMembers(new Error(), { message: 7 }),
    kept: { name: 'Error', message: '7' },
  },
  'a cause in a circle': {
    make: () => {
      const error = new Error('real');
      error.cause = new Error('behind', { cause: error });
      return error;
    },
    kept: { name: 'Error', message: 'real', cause: { name: 'Error', message: 'behind' } },
  },
  'a cause that is a text': {
    make: () => new Error('real', { cause: 'because' }),
    kept: { name: 'Error', message: 'real', cause: { name: 'NonError', message: 'because' } },
  },
  'several at once': {
    make: () => new AggregateError([new TypeError('the first'), new Error('the second')]),
    kept: {
      name: 'AggregateError',
      message: 'the first',
      cause: { name: 'TypeError', message: 'the first' },
    },
  },
  'secrets in its members': {
    make: () =>
      withMembers(new Error('Request failed'), {
        code: 'ERR_BAD_REQUEST',
        config: { headers: { Authorization: 'CANARY-IN-ERRORS' } },
        response: { data: 'CANARY-IN-ERRORS' },
        cause: withMembers(new Error('refused'), { config: { auth: 'CANARY-IN-ERRORS' } }),
      }),
    kept: {
      name: 'Error',
      message: 'Request failed',
      code: 'ERR_BAD_REQUEST',
      cause: { name: 'Error', message: 'refused' },
    },
  },
  'of another realm': {
    make: () => runInNewContext(`new RangeError('far away')`) as unknown,
    kept: { name: 'RangeError', message: 'far away' },
  },
  'a class of its own': {
    make: () => new (class InvoiceError extends Error {})('no invoice'),
    kept: { name: 'Error', message: 'no invoice' },
  },
};

/** Stands for any text that holds this one. */
function saying(part: string): RegExp {
  return new RegExp(part);
}
