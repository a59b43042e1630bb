import { problems } from '../../src/common/index.js';
import { type Schema, document, operations, resolved } from '../support/openapi/operations.js';

const PROBLEM = 'application/problem+json';
const JSON_TYPE = 'application/json';

/** What the document says of an operation. */
function said({ path, method }: { path: string; method: string }): Schema {
  return document.paths[path][method.toLowerCase()];
}

function answersOf(operation: Schema): [status: number, answer: Schema][] {
  return Object.entries<Schema>(operation.responses).map(([status, answer]) => {
    const name = String(answer.$ref ?? '')
      .split('/')
      .at(-1)!;
    return [Number(status), answer.$ref ? document.components.responses[name] : answer];
  });
}

function hasExample({ example, examples = {} }: Schema): boolean {
  return example !== undefined || Object.keys(examples).length > 0;
}

const named = operations.map((operation) => [operation.id, said(operation), operation] as const);

describe('openapi.json says of the operation', () => {
  test.each(named)('%s what it is called, what it does and where it belongs', (id, operation) => {
    expect(id).toMatch(/^[a-z][A-Za-z]+$/);
    expect(operation.summary).toMatch(/^[A-Z].{5,}[^.]$/);
    expect(document.tags.map(({ name }: Schema) => name)).toEqual(expect.arrayContaining(operation.tags));
    expect(operation.tags).toHaveLength(1);
  });

  test.each(named.filter(([, { parameters }]) => parameters))(
    '%s what its parameters are',
    (_, { parameters }) => {
      for (const { name, description, schema } of parameters)
        expect([name, description, schema]).toEqual([
          name,
          expect.stringMatching(/.{5,}/),
          expect.any(Object),
        ]);
    },
  );

  test.each(named)('%s by example what is sent and what is answered', (_, operation) => {
    const sent = Object.values<Schema>(operation.requestBody?.content ?? {});
    const answered = answersOf(operation).flatMap(([, { content = {} }]) =>
      Object.entries<Schema>(content)
        .filter(([type]) => type.endsWith('json'))
        .map(([, media]) => media),
    );
    for (const media of [...sent, ...answered]) expect(hasExample(media)).toBe(true);
  });

  test.each(named)('%s which problems it has, by their codes', (id, operation) => {
    const failures = answersOf(operation).filter(([status]) => status >= 400);
    expect(failures.length).toBeGreaterThan(0);
    for (const [status, { content }] of failures) {
      if (id.startsWith('get') && status === 503 && content[JSON_TYPE]) continue;
      expect(Object.keys(content)).toEqual([PROBLEM]);
      const { schema, examples } = content[PROBLEM];
      const codes: (keyof typeof problems)[] = schema.properties.code.enum;
      expect(codes.map((code) => problems[code].status)).toEqual(codes.map(() => status));
      expect(Object.keys(examples)).toEqual(codes);
    }
  });

  test.each(named.filter(([, { security }]) => security))(
    '%s that a key is needed for it',
    (_, operation) => {
      const statuses = answersOf(operation).map(([status]) => status);
      expect(statuses).toEqual(expect.arrayContaining([401, 403]));
    },
  );

  test.each(named.filter(([, , { body }]) => body))('%s what a body can do wrong', (_, operation) => {
    const statuses = answersOf(operation).map(([status]) => status);
    expect(statuses).toEqual(expect.arrayContaining([400, 413, 415, 422]));
  });
});

test('every problem is of some operation, or comes from before any is reached', () => {
  const told = Object.values<Schema>(document.components.responses).flatMap(
    ({ content }) => content[PROBLEM].schema.properties.code.enum as string[],
  );
  const untold = Object.keys(problems).filter((code) => !told.includes(code));
  expect(untold).toEqual(['method_not_allowed', 'request_timeout', 'headers_too_large', 'internal_error']);
  for (const code of untold) expect(document.info.description).toContain(`\`${code}\``);
});

describe('lists in pages', () => {
  const paged = named.filter(([, { parameters = [] }]) =>
    parameters.some(({ name }: Schema) => name === 'cursor'),
  );
  const parameter = ({ parameters }: Schema, wanted: string): Schema =>
    parameters.find(({ name }: Schema) => name === wanted);
  const page = ({ responses }: Schema): Schema => resolved(responses[200].content[JSON_TYPE].schema);

  test('are those that have more than one screen shows', () => {
    expect(paged.map(([id]) => id)).toEqual(
      expect.arrayContaining(['listJobs', 'listWorkflows', 'listAuditRecords']),
    );
    expect(paged.length).toBeGreaterThan(10);
  });

  test.each(paged)('%s is asked for in the way of all', (_, operation) => {
    const { description, schema } = parameter(paged[0]![1], 'cursor');
    expect(parameter(operation, 'cursor')).toMatchObject({ in: 'query', description, schema });
    expect(parameter(operation, 'cursor').required).toBe(false);
    expect(parameter(operation, 'limit')).toMatchObject({
      description: expect.stringMatching(/^How many there are on a page at most/),
      schema: { type: 'integer', minimum: 1, default: 50 },
    });
  });

  test.each(paged)('%s says where it goes on in the way of all', (_, operation) => {
    const { properties, required } = page(operation);
    expect(properties.next_cursor).toEqual(page(paged[0]![1]).properties.next_cursor);
    expect(required).toContain('next_cursor');
    const lists = Object.values<Schema>(properties).filter(({ type }) => type === 'array');
    expect(lists).toHaveLength(1);
  });

  test('give out no cursor that cannot be sent back', () => {
    const giving = named.filter(([, { responses }]) => {
      const schema = responses[200]?.content?.[JSON_TYPE]?.schema;
      return schema && resolved(schema).properties?.next_cursor;
    });
    expect(giving.map(([id]) => id)).toEqual(paged.map(([id]) => id));
  });
});
