import { apiBreaks, mayBreak } from '../../scripts/api-changes/api-breaks.mjs';

type Json = Record<string, any>;

/** A document of one operation. */
function api({ schemas = {}, responses = {}, ...operation }: Json = {}): Json {
  return {
    info: { version: '1.0.0' },
    paths: {
      '/jobs': {
        post: {
          operationId: 'createJob',
          responses: { '201': answer({ $ref: '#/components/schemas/Job' }), ...responses },
          ...operation,
        },
      },
    },
    components: { schemas: { Job: job(), Step: { type: 'object' }, ...schemas } },
  };
}

const job = (changes: Json = {}, required = ['id', 'status']): Json => ({
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: ['WAITING', 'DONE'] },
    reason: { type: 'string', enum: ['a'], 'x-open-enum': true },
    error: { type: ['string', 'null'] },
    ...changes,
  },
  required,
});

const answer = (schema: Json, more: Json = {}): Json => ({
  content: { 'application/json': { schema } },
  ...more,
});
const body = (schema: Json, more: Json = {}): Json => ({
  requestBody: { content: { 'application/json': { schema } }, ...more },
});
const fields = (properties: Json, required: string[] = []): Json => ({
  type: 'object',
  properties,
  required,
});
const taking = (schema: Json): Json => body(fields({ a: schema }));
const answering = (schema: Json): Json => ({ responses: { '201': answer(fields({ a: schema })) } });
const parameter = (schema: Json, more: Json = {}): Json => ({
  parameters: [{ in: 'query', name: 'limit', schema, ...more }],
});
const oneOf = (...names: string[]): Json => ({
  oneOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })),
});
const problem = (...codes: string[]): Json => ({
  allOf: [{ type: 'object', properties: { code: { type: 'string' } }, required: ['code'] }],
  properties: { code: { enum: codes, 'x-open-enum': true } },
});

const text = { type: 'string' };

describe('a change of the API breaks its callers when', () => {
  test.each<[string, Json, Json, RegExp]>([
    ['an operation is gone', api(), { ...api(), paths: {} }, /POST \/jobs is gone/],
    ['its name is another', api(), api({ operationId: 'makeJob' }), /operationId is makeJob/],
    ['it needs a key', api(), api({ security: [{ key: [] }] }), /needs a key now/],
    [
      'it needs a further scope',
      api({ security: [{ key: ['read'] }] }),
      api({ security: [{ key: ['read', 'write'] }] }),
      /another scope/,
    ],
    ['a parameter is gone', api(parameter(text)), api(), /parameter limit is gone/],
    ['a parameter must be sent', api(), api(parameter(text, { required: true })), /limit is new and must be/],
    [
      'a parameter must be sent that could be left out',
      api(parameter(text)),
      api(parameter(text, { required: true })),
      /limit must be sent now/,
    ],
    [
      'a parameter takes less',
      api(parameter({ type: 'integer', maximum: 200 })),
      api(parameter({ type: 'integer', maximum: 100 })),
      /limit has a lower maximum now \(100\)/,
    ],
    [
      'a parameter has another default',
      api(parameter({ type: 'integer', default: 50 })),
      api(parameter({ type: 'integer', default: 20 })),
      /taken for 20 now where it is left out, not for 50/,
    ],
    [
      'a body must be sent',
      api(taking(text)),
      api(body(fields({ a: text }), { required: true })),
      /a body must/,
    ],
    ['a body is not taken any more', api(taking(text)), api(), /takes no body/],
    [
      'a body of a type is not taken any more',
      api(taking(text)),
      api({ requestBody: { content: { 'text/csv': {} } } }),
      /takes no application\/json any more/,
    ],
    [
      'a field may not be sent any more',
      api(taking(text)),
      api(body(fields({ b: text }))),
      /\/a may not be sent/,
    ],
    [
      'a new field must be sent',
      api(body(fields({}))),
      api(body(fields({ a: text }, ['a']))),
      /\/a must be sent/,
    ],
    [
      'a field must be sent',
      api(taking(text)),
      api(body(fields({ a: text }, ['a']))),
      /\/a must be sent now/,
    ],
    [
      'a field takes fewer types',
      api(taking({ type: ['string', 'null'] })),
      api(taking(text)),
      /take null any/,
    ],
    [
      'a field takes fewer words',
      api(taking({ enum: ['x', 'y'] })),
      api(taking({ enum: ['x'] })),
      /take "y"/,
    ],
    ['a field takes certain words only', api(taking(text)), api(taking({ enum: ['x'] })), /take any value/],
    [
      'a field takes shorter texts',
      api(taking(text)),
      api(taking({ ...text, maxLength: 9 })),
      /lower maxLength/,
    ],
    [
      'a field takes longer texts only',
      api(taking(text)),
      api(taking({ ...text, minLength: 9 })),
      /higher minL/,
    ],
    [
      'a field asks for a pattern',
      api(taking(text)),
      api(taking({ ...text, pattern: '^a' })),
      /another pattern/,
    ],
    [
      'a field asks for a format',
      api(taking(text)),
      api(taking({ ...text, format: 'uri' })),
      /another format/,
    ],
    [
      'a list takes less in it',
      api(taking({ type: 'array', items: { enum: [1, 2] } })),
      api(taking({ type: 'array', items: { enum: [1] } })),
      /\/a\/n does not take 2/,
    ],
    [
      'a form may not be sent any more',
      api({ ...taking(oneOf('Job', 'Step')), schemas: { Step: fields({ x: text }, ['x']) } }),
      api({ ...taking(oneOf('Step')), schemas: { Step: fields({ x: text }, ['x']) } }),
      /\/a may not be Job any more/,
    ],
    ['a status is gone', api({ responses: { '202': {} } }), api(), /does not answer 202/],
    [
      'a problem is gone',
      api({ responses: { '409': answer(problem('lost')) } }),
      api(),
      /does not answer 409/,
    ],
    [
      'an answer is of another type',
      api(),
      api({ responses: { '201': { content: { 'text/csv': {} } } } }),
      /201 is no application\/json/,
    ],
    [
      'an answer loses a header',
      api({ responses: { '201': answer(text, { headers: { ETag: {} } }) } }),
      api({ responses: { '201': answer(text) } }),
      /no header ETag/,
    ],
    [
      'a header may be missing',
      api({ responses: { '201': answer(text, { headers: { ETag: { required: true } } }) } }),
      api({ responses: { '201': answer(text, { headers: { ETag: {} } }) } }),
      /may have no header ETag/,
    ],
    [
      'a field is not answered any more',
      api(),
      api({ schemas: { Job: job({ error: undefined }) } }),
      /201\/error is not answered/,
    ],
    ['a field may be missing', api(), api({ schemas: { Job: job({}, ['id']) } }), /\/status may be missing/],
    [
      'a field may be null',
      api(),
      api({ schemas: { Job: job({ status: { type: ['string', 'null'], enum: ['DONE', null] } }) } }),
      /\/status may be null now/,
    ],
    [
      'a field has further words',
      api(),
      api({ schemas: { Job: job({ status: { type: 'string', enum: ['WAITING', 'DONE', 'LOST'] } }) } }),
      /\/status may be "LOST" now/,
    ],
    [
      'a field is of another type',
      api(answering(text)),
      api(answering({ type: 'integer' })),
      /may be integer/,
    ],
    [
      'a number may have decimals',
      api(answering({ type: 'integer' })),
      api(answering({ type: 'number' })),
      /number/,
    ],
    [
      'a text is written in another way',
      api(answering({ ...text, format: 'date-time' })),
      api(answering({ ...text, format: 'date' })),
      /another format now \(date\)/,
    ],
    [
      'an answer may have a further form',
      api(answering(oneOf('Job'))),
      api({ ...answering(oneOf('Job', 'Step')), schemas: { Step: fields({ x: text }) } }),
      /may be Step now/,
    ],
    [
      'what a map holds is another thing',
      api(answering({ type: 'object', additionalProperties: text })),
      api(answering({ type: 'object', additionalProperties: { type: 'integer' } })),
      /\/a\/\* may be integer/,
    ],
  ])('%s', (_, before, after, told) => {
    const breaks = apiBreaks(before, after);
    expect(breaks.join('\n')).toMatch(told);
    expect(breaks).toHaveLength(1);
  });
});

describe('a change of the API breaks nobody when', () => {
  test.each<[string, Json, Json]>([
    ['nothing changes', api(), api()],
    ['an operation is new', { ...api(), paths: {} }, api()],
    ['a key is needed no more', api({ security: [{ key: [] }] }), api()],
    [
      'a further kind of key will do',
      api({ security: [{ key: [] }] }),
      api({ security: [{ key: [] }, { token: [] }] }),
    ],
    ['a parameter is new and may be left out', api(), api(parameter(text))],
    [
      'a parameter takes more',
      api(parameter({ type: 'integer', maximum: 100 })),
      api(parameter({ type: 'integer', maximum: 200 })),
    ],
    ['a body is new and may be left out', api(), api(taking(text))],
    ['a field of a request is new and may be left out', api(body(fields({}))), api(taking(text))],
    ['a field may be left out', api(body(fields({ a: text }, ['a']))), api(taking(text))],
    ['a field takes more types', api(taking({ type: 'integer' })), api(taking({ type: ['number', 'null'] }))],
    ['a field takes more words', api(taking({ enum: ['x'] })), api(taking({ enum: ['x', 'y'] }))],
    ['a field takes any text', api(taking({ ...text, pattern: '^a', maxLength: 9 })), api(taking(text))],
    ['a further form may be sent', api(taking(oneOf('Job'))), api(taking(oneOf('Job', 'Step')))],
    ['a field stands in a part of its own', api(taking(text)), api(body({ allOf: [fields({ a: text })] }))],
    ['a status is new', api(), api({ responses: { '409': answer(problem('lost')) } })],
    [
      'a problem has a further code, as all may',
      api({ responses: { '409': answer(problem('lost')) } }),
      api({ responses: { '409': answer(problem('lost', 'found')) } }),
    ],
    ['a field is answered besides', api(), api({ schemas: { Job: job({ extra: text }) } })],
    ['a field is always answered', api({ schemas: { Job: job({}, ['id']) } }), api()],
    [
      'a list that is open has further words',
      api(),
      api({ schemas: { Job: job({ reason: { type: 'string', enum: ['a', 'b'], 'x-open-enum': true } }) } }),
    ],
    ['a field is never null', api(), api({ schemas: { Job: job({ error: text }) } })],
    ['a text may be longer', api(answering({ ...text, maxLength: 9 })), api(answering(text))],
    ['an answer has fewer forms', api(answering(oneOf('Job', 'Step'))), api(answering(oneOf('Job')))],
    [
      'a schema has another name',
      api(answering({ $ref: '#/components/schemas/Job' })),
      api({ ...answering({ $ref: '#/components/schemas/Task' }), schemas: { Task: job() } }),
    ],
    [
      'null is written in another way',
      api(answering({ anyOf: [{ $ref: '#/components/schemas/Job' }, { type: 'null' }] })),
      api(answering({ ...job(), type: ['object', 'null'] })),
    ],
    [
      'an answer is described in one place for all',
      api({ responses: { '409': answer(text) } }),
      {
        ...api({ responses: { '409': { $ref: '#/components/responses/Lost' } } }),
        components: { schemas: { Job: job() }, responses: { Lost: answer(text) } },
      },
    ],
  ])('%s', (_, before, after) => {
    expect(apiBreaks(before, after)).toEqual([]);
  });

  test('a schema contains itself', () => {
    const tree = fields({ children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } });
    const document = api({ ...answering({ $ref: '#/components/schemas/Tree' }), schemas: { Tree: tree } });
    expect(apiBreaks(document, document)).toEqual([]);
  });
});

test.each([
  ['1.2.3', '1.2.4', false],
  ['1.2.3', '1.3.0', false],
  ['1.2.3', '2.0.0', true],
  ['0.1.0', '0.1.1', false],
  ['0.1.0', '0.2.0', true],
  ['0.9.0', '1.0.0', true],
])('after version %s, version %s may break callers: %s', (before, after, may) => {
  expect(mayBreak(before, after)).toBe(may);
});
