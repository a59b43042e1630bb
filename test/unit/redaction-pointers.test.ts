import { faultOfPointer, meets, redacted, redactedPlaces } from '../../src/queue/redaction/pointers.js';
import { withoutSecrets } from '../../src/queue/redaction/shown.js';

describe('a pointer to what is not shown', () => {
  test.each<[string, string[], unknown, unknown]>([
    ['a member', ['/card'], { card: '4111', to: 'x' }, { card: '[Redacted]', to: 'x' }],
    ['a whole object', ['/card'], { card: { number: 1 } }, { card: '[Redacted]' }],
    ['also null', ['/card'], { card: null }, { card: '[Redacted]' }],
    ['nothing where nothing is', ['/card', '/a/b'], { a: 1 }, { a: 1 }],
    ['an element', ['/rows/1'], { rows: [1, 2] }, { rows: [1, '[Redacted]'] }],
    ['every element', ['/rows/*/pin'], { rows: [{ pin: 1 }, 2] }, { rows: [{ pin: '[Redacted]' }, 2] }],
    ['every member', ['/*/pin'], { a: { pin: 1 }, b: { c: 1 } }, { a: { pin: '[Redacted]' }, b: { c: 1 } }],
    ['names with / and ~', ['/a~1b/c~0d'], { 'a/b': { 'c~d': 1 } }, { 'a/b': { 'c~d': '[Redacted]' } }],
    ['an empty name', ['/'], { '': 1 }, { '': '[Redacted]' }],
    ['results that are lists', ['/0/pin'], [{ pin: 1 }, { pin: 2 }], [{ pin: '[Redacted]' }, { pin: 2 }]],
    ['a part and the whole', ['/a/b', '/a'], { a: { b: 1 } }, { a: '[Redacted]' }],
  ])('names %s', (_, pointers, value, expected) => {
    const before = structuredClone(value);
    expect(redacted(value, pointers)).toEqual(expected);
    expect(value).toEqual(before);
  });

  test('does not reach what objects have from elsewhere, and keeps members named __proto__', () => {
    const value = JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as object;
    expect(JSON.stringify(redacted(value, ['/toString', '/b']))).toBe(
      '{"__proto__":{"a":1},"b":"[Redacted]"}',
    );
    expect(JSON.stringify(redacted(value, ['/__proto__/a']))).toBe('{"__proto__":{"a":"[Redacted]"},"b":2}');
  });

  test.each(['card', '', '/a~', '/a~2', '/a\0', '/\ud800', '/a'.repeat(33), `/${'a'.repeat(200)}`])(
    'is refused with a sentence: %j',
    (pointer) => expect(faultOfPointer(pointer)).toEqual(expect.stringMatching(/^(must|holds)/)),
  );

  test('finds what was read and sent back, and nothing else', () => {
    const payload = {
      card: '[Redacted]',
      note: '[Redacted]',
      rows: [{ pin: 1 }, { pin: '[Redacted]', 'a/b': 1 }],
    };
    expect(redactedPlaces(payload, ['/card', '/rows/*/pin', '/rows/1/*'])).toEqual(['/card', '/rows/1/pin']);
    expect(redactedPlaces({ card: '4111' }, ['/card'])).toEqual([]);
  });

  test.each<[string, string[], boolean]>([
    ['/customer/iban', ['customer', 'iban'], true],
    ['/customer/iban', ['customer'], true],
    ['/customer/iban', ['customer', 'iban', 'country'], true],
    ['/customer/iban', ['customer', 'name'], false],
    ['/rows/*/pin', ['rows', '-1', 'pin'], true],
    ['/rows/*/pin', ['rows', '0', 'name'], false],
    ['/rows/0', ['rows', '-1'], true],
    ['/rows/0', ['rows', ' +00'], true],
    ['/rows/0', ['rows', 'x'], false],
  ])('%s is met by the path %j of a search: %s', (pointer, path, expected) => {
    expect(meets(pointer, path)).toBe(expected);
  });
});

describe('a job as it is shown', () => {
  test('is the same object when its type keeps nothing back', () => {
    const job = { type: 'echo', payload: { card: 1 } };
    expect(withoutSecrets(job, [])).toBe(job);
  });

  test('has neither the beginning of a result that was cut, nor a key made of its payload', () => {
    const result = { truncated: true, bytes: 300_000, preview: '{"card":"4111' };
    const uniqueKey = `sha256:${'a'.repeat(64)}`;
    expect(withoutSecrets({ type: 'pay', result, uniqueKey }, ['/card'])).toEqual({
      type: 'pay',
      result: { truncated: true, bytes: 300_000, preview: '[Redacted]' },
      uniqueKey: '[Redacted]',
    });
    expect(withoutSecrets({ type: 'pay', uniqueKey: 'my key', result: null }, ['/card'])).toMatchObject({
      uniqueKey: 'my key',
      result: null,
    });
  });
});
