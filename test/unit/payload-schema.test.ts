import { PayloadSchema } from '../../src/queue/index.js';

const text = (more: object) => ({ type: 'object', properties: { a: { type: 'string', ...more } } });

describe('a schema that was sent to us', () => {
  test.each<[string, object, RegExp]>([
    ['an address elsewhere', { $ref: 'https://example.org/x' }, /\$ref must point to #\/\$defs/],
    ['another file', { $ref: 'other.json#/x' }, /\$ref must point to/],
    ['an address of its own', { $id: 'https://example.org/x' }, /\$id gives/],
    ['a dynamic reference', { $dynamicRef: '#x' }, /\$dynamicRef/],
    ['nothing', { $ref: '#/$defs/x' }, /points to nothing/],
    [
      'itself',
      { $ref: '#/$defs/x', $defs: { x: { properties: { y: { $ref: '#/$defs/x' } } } } },
      /leads back/,
    ],
    ['a pattern for any text', text({ pattern: '^a$' }), /maxLength/],
    ['a pattern for long texts', text({ pattern: '^a$', maxLength: 1e6 }), /maxLength/],
    ['a long pattern', text({ pattern: 'a'.repeat(300), maxLength: 5 }), /at most 256/],
    ['a broken pattern', text({ pattern: '(', maxLength: 5 }), /not a JSON Schema/],
    ['patterns for names', { patternProperties: { '^a': {} } }, /patternProperties/],
    ['unique items without an end', { properties: { a: { uniqueItems: true, type: 'array' } } }, /maxItems/],
    ['an unknown keyword', { typ: 'object' }, /unknown keyword: "typ"/],
    ['an unknown type', { type: 'text' }, /not a JSON Schema/],
    ['an unknown format', text({ format: 'iban' }), /unknown format "iban"/],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, /not a JSON Schema/],
    ['too much', { description: 'x'.repeat(40_000) }, /larger than/],
  ])('is refused when it points to, or asks for, %s', (_, schema, words) => {
    expect(PayloadSchema.faultOf(schema as never)?.detail).toMatch(words);
  });

  test('is refused when a few lines of it stand for millions', () => {
    const $defs: Record<string, object> = { x0: { type: 'string' } };
    for (let at = 1; at <= 40; at++) {
      const $ref = `#/$defs/x${at - 1}`;
      $defs[`x${at}`] = { anyOf: [{ $ref }, { $ref }] };
    }
    expect(PayloadSchema.faultOf({ $ref: '#/$defs/x40', $defs })?.detail).toMatch(/parts when every \$ref/);
  });

  test('says where its fault is', () => {
    const schema = { properties: { 'a/b': { items: { pattern: 'x' } } } };
    expect(PayloadSchema.faultOf(schema as never)?.pointer).toBe('/properties/a~1b/items/pattern');
  });

  test.each([
    [
      { properties: { a: { type: 'objekt' } } },
      '/properties/a/type',
      'It is not a JSON Schema: type must be one of array, boolean, integer, null, number, object, string. Did you mean "object"?',
    ],
    [
      { properties: { propertys: { type: 'array', items: { propertys: {} } } } },
      '/properties/propertys/items/propertys',
      'It has an unknown keyword: "propertys". Did you mean "properties"?',
    ],
    [{ required: 'a' }, '/required', /^It is not a JSON Schema: required must be array/],
  ])('says what it should be: %j', (schema, pointer, words) => {
    const fault = PayloadSchema.faultOf(schema);
    expect(fault?.pointer).toBe(pointer);
    expect(fault?.detail).toMatch(words);
  });

  test.each([
    {},
    { type: 'object' },
    text({ pattern: '^[a-z]+$', maxLength: 50 }),
    text({ format: 'date-time' }),
    { $schema: 'https://json-schema.org/draft/2020-12/schema', type: ['object', 'null'] },
    { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'object' } } },
    { properties: { $id: { type: 'string' }, pattern: { type: 'string' } } },
  ])('is taken: %j', (schema) => {
    expect(PayloadSchema.faultOf(schema as never)).toBeUndefined();
  });
});

describe('a payload beside its schema', () => {
  const faults = (schema: object, payload: object) =>
    new PayloadSchema('t', schema as never).faultsOf(payload, '/payload');

  test('is told all that is wrong with it, with pointers, codes and what was meant', () => {
    const schema = {
      type: 'object',
      properties: {
        width: { type: 'integer', minimum: 1 },
        'a/b': { type: 'array', items: { type: 'string' } },
      },
      required: ['url'],
      additionalProperties: false,
    };
    expect(faults(schema, { width: 0.5, witdh: 1, 'a/b': ['x', 5] })).toEqual([
      { pointer: '/payload/url', detail: 'url is missing', code: 'required' },
      {
        pointer: '/payload/witdh',
        detail: 'There is no field "witdh". Did you mean "width"?',
        code: 'unknown_field',
      },
      { pointer: '/payload/width', detail: 'width must be integer', code: 'type' },
      { pointer: '/payload/width', detail: 'width must be >= 1', code: 'minimum' },
      { pointer: '/payload/a~1b/1', detail: '1 must be string', code: 'type' },
    ]);
  });

  test('is told the first fault alone when it is large', () => {
    const schema = { properties: { a: { type: 'array', items: { type: 'string' } } } };
    const a = Array.from({ length: 100_000 }, (_, at) => at);
    expect(faults(schema, { a })).toEqual([
      { pointer: '/payload/a/0', detail: '0 must be string', code: 'type' },
    ]);
    expect(faults(schema, { a: a.slice(0, 1_000) })).toHaveLength(100);
  });

  test('is not checked for longer than half a second, however evil the pattern', () => {
    const schema = text({ pattern: '^(a+)+$', maxLength: 100 });
    expect(faults(schema, { a: 'aaa' })).toEqual([]);
    const [fault] = faults(schema, { a: `${'a'.repeat(60)}!` });
    expect(fault).toMatchObject({ pointer: '/payload', code: 'too_costly' });
    // And whoever comes next is served as before.
    expect(faults(schema, { a: 'b' })).toMatchObject([{ code: 'pattern' }]);
  });

  test('that takes long a hundred times over does not hold up everybody for a minute', () => {
    const payloads = new PayloadSchema('upper', text({ pattern: '^(a+)+$', maxLength: 100 }));
    const startedAt = performance.now();
    for (let time = 0; time < 100; time++)
      expect(payloads.faultsOf({ a: `${'a'.repeat(60)}!` }, '')).toMatchObject([{ code: 'too_costly' }]);
    // Half a second each would be 50 s.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    // What is checked at once is taken all the same; such a short time may also pass for other reasons.
    const tries = Array.from({ length: 50 }, () => payloads.faultsOf({ a: 'aaa' }, ''));
    expect(tries).toContainEqual([]);
  });

  test('may name what every object has, and is not fooled', () => {
    const schema = {
      type: 'object',
      properties: { a: {} },
      required: ['toString'],
      additionalProperties: false,
    };
    expect(faults(schema, {})).toMatchObject([{ code: 'required' }]);
    expect(faults(schema, JSON.parse('{"toString": 1, "hasOwnProperty": 2}'))).toHaveLength(2);
  });
});
