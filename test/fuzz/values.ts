import fc from 'fast-check';
import { type Schema, resolved } from '../support/openapi/operations.js';

/**
 * Values for the document's schemas. Two marks stand for what only the moment of sending knows: `@@job:7@@` for the
 * id of something that exists then, and `@@raw:1e400@@` for JSON that JavaScript cannot spell.
 */
const raw = (json: string) => `@@raw:${json}@@`;

const known = (kind: string) => fc.nat(999).map((number) => `@@${kind}:${number}@@`);

export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udc00',
  '😀',
  '👨‍👩‍👧‍👦'.repeat(50),
  '\u202egnp.exe',
  '\ufeff',
  '\r\nX-Injected: 1',
  '\u001b[31m',
  '__proto__',
  'constructor',
  'toString',
  'prototype',
  '../../etc/passwd',
  '%00',
  '%2f',
  '%',
  '%_%\\',
  "'; DROP TABLE jobs; --",
  '(((a+)+)+)+$',
  '[',
  '\\',
  'null',
  'NaN',
  'true',
  '-1',
  '1e400',
  'x'.repeat(64),
  'x'.repeat(256),
  'x'.repeat(1_025),
  'x'.repeat(100_000),
  'ä'.repeat(300),
  '__pgboss__send-it',
];

const HOSTILE_TIMES = [
  'infinity',
  '-infinity',
  'now',
  '-1',
  '0000-01-01T00:00:00Z',
  '0001-01-01',
  '1969-12-31T23:59:59.999999999Z',
  '2030-02-30T00:00:00Z',
  '2030-01-01T24:00:00Z',
  '2030-01-01T23:59:60Z',
  '2030-01-01T00:00:00+99:99',
  '2030-01-01T00:00:00-14:00',
  '2100-12-31T23:59:59.999Z',
  '2101-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00.000Z',
  '100 years',
  '2030-W01-1',
];

const HOSTILE_NUMBERS = [
  ...[0, -1, 1, 1.5, 2, 10, 11, 100, 201, 1_000, 10_001, 86_400, 86_401],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 63), 1e-7, 5e-324, 1e300],
  ...[
    '1e400',
    '-1e400',
    '-0',
    '-0.0',
    '1E5',
    '1e-400',
    '12345678901234567890',
    '0.1e1',
    `1${'0'.repeat(400)}`,
  ].map(raw),
];

const HOSTILE_IDS = [
  'x',
  '1',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '01939C5E-7A70-7F3E-8F0C-2B6F3C1D9A55',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  '01939c5e7a707f3e8f0c2b6f3c1d9a55',
  '{01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55}',
  '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a5g',
];

const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_TIMES, ...HOSTILE_IDS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
);

const hostileKey = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ maxLength: 8 }));

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

/** Anything that JSON can say, and some that it can't. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...HOSTILE_NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { '': {} }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 32, 33).map((depth) => nested(depth, (inner) => [inner])) },
  { weight: 1, arbitrary: fc.constantFrom(30, 33).map((depth) => nested(depth, (a) => ({ a }))) },
  { weight: 2, arbitrary: fc.dictionary(hostileKey, hostileText, { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 30 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

/** A value that fits the schema. */
function validValue(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  const own = resolved(schema);
  const made = own.enum ? fromSchema(own) : (special(name) ?? fromSchema(own));
  const examples = [own.example, own.default, ...(own.examples ?? [])].filter(
    (example) => example !== undefined,
  );
  if (examples.length === 0 || own.properties) return made;
  return fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...examples) }, { weight: 3, arbitrary: made });
}

/** What no schema tells: types that exist, and things that are there. */
function special(name: string): fc.Arbitrary<unknown> | undefined {
  switch (name) {
    case 'wait':
      // Longer ones are answered later than anything else may be.
      return fc.constantFrom(0, 0.1, 1, -1, 31);
    case 'type':
      return fc.constantFrom(
        'echo',
        'hello_world',
        'fail',
        'sleep',
        'fail_as',
        'return',
        'contend',
        'unheard_of',
      );
    case 'types':
      return fc.array(fc.constantFrom('echo', 'fail', 'nothing'), { maxLength: 3 });
    case 'queue':
    case 'dead_letter_queue':
    case 'name':
      return fc.oneof(
        fc.constantFrom('default', 'mail', 'dead', 'a.b-c_1'),
        known('queue'),
        known('schedule'),
      );
    case 'cron':
      return fc.constantFrom('* * * * *', '0 0 30 2 *', '*/7 * * * * *', '61 * * * *', '@daily', 'x');
    case 'rrule':
      return fc.constantFrom(
        'FREQ=DAILY',
        'FREQ=SECONDLY;BYYEARDAY=60;BYMONTH=12',
        'FREQ=DAILY;COUNT=0',
        'DTSTART:20260101T000000Z\nRRULE:FREQ=WEEKLY;UNTIL=20200101T000000Z',
        'DTSTART;TZID=\u0130:20260101T000000\nFREQ=DAILY',
      );
    case 'timezone':
      return fc.constantFrom(
        'UTC',
        'Europe/Berlin',
        'Australia/Lord_Howe',
        'europe/berlin',
        '+01:00',
        'Mars',
      );
    case 'depends_on':
      return fc.oneof(
        fc.array(known('job'), { maxLength: 3 }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
      );
    case 'ref':
      return fc.oneof(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.nat(99).map((n) => `job-${n}`),
      );
    case 'lock':
      return fc.constantFrom('printer', 'Drucker ü', 'x'.repeat(1_024));
    case 'idempotency_key':
    case 'Idempotency-Key':
      return fc.constantFrom('order-1', 'order-2', '~!@#', 'x'.repeat(255));
    case 'job_id':
      return known('job');
    case 'workflow_id':
      return known('workflow');
    case 'operation_id':
      return known('operation');
    case 'id':
      return known('worker');
    case 'webhook_id':
      return known('webhook');
    case 'delivery_id':
      return known('delivery');
    case 'url':
    case 'callback_url':
      return fc.constantFrom(
        'https://hooks.example/a?b=c#d',
        'https://HOOKS.example.:8443/',
        'https://10.0.0.1/',
      );
    case 'events':
      return fc.constantFrom<unknown>(['job.completed'], ['job.failed', 'job.cancelled']);
    case 'fingerprint':
      return known('fingerprint');
    case 'cursor':
      return known('cursor');
    case 'If-Match':
      return known('etag');
    case 'per_second':
      return fc.constantFrom(0.01, 1, 10_000);
    case 'schedule_in':
      return fc.constantFrom<unknown>(0, 0.5, 3_600, { days: 1 }, { years: 1, months: 2.5 }, { weeks: 0 });
    case 'retry':
      return fc.constantFrom<unknown>(
        0,
        3,
        true,
        { max_attempts: 2, wait: 1 },
        { wait: 1, exponential_wait: 2 },
      );
    case 'q':
      return fc.constantFrom(
        'payload.a:1',
        'error:"x"',
        'result."a b".0:"%_"',
        'payload.x:\\ error:%',
        'payload.a:[1',
      );
    default:
      return undefined;
  }
}

function fromSchema(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices: Schema[] | undefined = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => validValue(choice)));
  const types: string[] = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e6, noNaN: true });
    case 'array':
      return fc.array(validValue(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      return textOf(schema);
    default:
      return schema.properties
        ? objectOf(schema)
        : fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 });
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 50 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const [min, max] = [new Date('2020-01-01'), new Date('2100-01-01')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (format === 'uuid') return fc.uuid();
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
}

/** An object whose optional members are there or not. */
function objectOf({ properties, required = [] }: Schema): fc.Arbitrary<object> {
  const members = Object.entries<Schema>(properties).map(([name, schema]) => {
    const value = validValue(schema, name);
    return [
      name,
      (required as string[]).includes(name) ? value : fc.option(value, { nil: undefined, freq: 2 }),
    ];
  });
  return fc.record(Object.fromEntries(members));
}

/** Bodies that fit one schema and say that they are of another. */
function mistakenFor({ discriminator }: Schema, choices: readonly Schema[]): fc.Arbitrary<unknown>[] {
  if (!discriminator) return [];
  const names = fc.constantFrom(...Object.keys(discriminator.mapping));
  const bodies = fc.oneof(...choices.map((choice) => validValue(choice)));
  return [
    fc
      .tuple(bodies, names)
      .map(([body, name]) => ({ ...(body as object), [discriminator.propertyName]: name })),
  ];
}

/** A body that fits, or almost: with a member changed, taken away or added, or something else altogether. */
export function bodyFor(schema: Schema): fc.Arbitrary<unknown> {
  const own = resolved(schema);
  const choices: Schema[] | undefined = own.oneOf ?? own.anyOf;
  if (choices) return fc.oneof(...choices.map(bodyFor), ...mistakenFor(own, choices));
  const valid = validValue(schema);
  const names = Object.keys(own.properties ?? { a: 1 });
  const changed = fc
    .tuple(valid, fc.constantFrom(...names), fc.oneof(hostileValue, fc.constant(undefined)))
    .map(([body, name, value]) => ({ ...(body as object), [name]: value }));
  const added = fc
    .tuple(valid, hostileKey, hostileValue)
    .map(([body, name, value]) => Object.fromEntries([...Object.entries(body as object), [name, value]]));
  const inside = fc
    .tuple(valid, fc.constantFrom(...names), hostileKey, hostileValue)
    .map(([body, name, key, value]) => ({ ...(body as object), [name]: Object.fromEntries([[key, value]]) }));
  const inList = fc.tuple(valid, fc.constantFrom(...names), hostileValue).map(([body, name, value]) => ({
    ...(body as object),
    [name]: [(body as any)[name] ?? value, value].flat(),
  }));
  return fc.oneof(
    { weight: 6, arbitrary: valid },
    { weight: 6, arbitrary: changed },
    { weight: 2, arbitrary: added },
    { weight: 2, arbitrary: inside },
    { weight: 1, arbitrary: inList },
    { weight: 1, arbitrary: hostileValue },
  );
}

/** The text of a parameter, fitting or not. */
export function parameterText(schema: Schema, name: string): fc.Arbitrary<string> {
  const hostile = fc.oneof(
    hostileText,
    fc.constantFrom(...HOSTILE_TIMES, ...HOSTILE_IDS),
    fc.constantFrom(...HOSTILE_NUMBERS).map((number) => String(number).replace(/@@raw:|@@/g, '')),
    fc.base64String({ maxLength: 60 }),
    known('cursor').map((cursor) => `${cursor}x`),
  );
  return fc.oneof(
    { weight: 3, arbitrary: validValue(schema, name).map(String) },
    { weight: 2, arbitrary: hostile },
  );
}
