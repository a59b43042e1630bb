import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Operation, type Parameter, operations } from '../support/openapi/operations.js';
import { HOSTILE_TEXTS, bodyFor, hostileValue, parameterText } from './values.js';

/** A request as it will be sent, but for the marks in it. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  readonly chunked: boolean;
}

type Pairs = readonly (readonly [string, string])[];

/** One wait of a second in a hundred is enough: each costs the run a second. */
const PREFERENCES = [
  ...Array.from({ length: 12 }, () => [
    'respond-async',
    'wait=0',
    'wait=-1',
    'wait=1e9',
    'wait=',
    '"',
    ',,,',
    'wait="x\\"',
  ]),
  ['wait=1'],
].flat();

const OTHER_HEADERS: Record<string, readonly string[]> = {
  Accept: [
    '*/*',
    'text/html',
    'text/event-stream',
    'application/json;q=0',
    'text/event-stream;q=0',
    ';;;',
    'x'.repeat(999),
  ],
  'X-HTTP-Method-Override': ['DELETE', 'PUT', '__proto__'],
  'X-Request-Id': ['mine', '\t'],
  'X-Forwarded-For': ['127.0.0.1, ::1', 'x'],
  'If-None-Match': ['*', '"x"', '@@etag:1@@'],
  'If-Match': ['*', '"x"', 'W/"x"', ',', '\u00ff'],
  'Content-Encoding': ['gzip', 'br', 'identity'],
  'Accept-Encoding': ['gzip', 'x', '*;q=0'],
  'Last-Event-ID': ['0', '1', '-1', '1e9', '99999999999999999999', 'x', '1.2', '1-2-3', '\u00ff'],
  'Idempotency-Key': [' ', 'x'.repeat(256), 'gr\u00fcn', ',', 'order-1'],
  Range: ['bytes=0-', 'bytes=-1'],
  Expect: ['100-continue'],
  Cookie: ['a=b; __proto__=1'],
  Origin: ['null', 'http://evil.example'],
};

const CONTENT_TYPES = [
  ...Array.from({ length: 30 }, () => 'application/json'),
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'APPLICATION/JSON',
  'application/merge-patch+json',
  'application/jsonx',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'x',
  '/',
];

/** Any request that the document allows, or nearly. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.constantFrom(...operations).chain(requestFor);

function requestFor(operation: Operation): fc.Arbitrary<FuzzRequest> {
  const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      method: methodFor(operation.method),
      path: valuesOf(of('path'), 1),
      query: queryFor(of('query')),
      headers: headersFor(of('header')),
      contentType: fc.constantFrom(...CONTENT_TYPES),
      body: operation.body || operation.method !== 'GET' ? bodyText(operation) : fc.constant(undefined),
      chunked: fc.boolean(),
    })
    .map(({ method, path, query, headers, contentType, body, chunked }) => ({
      method,
      url: fill(operation.path, path) + query,
      headers: {
        ...Object.fromEntries(headers),
        ...(body === undefined ? {} : { 'Content-Type': contentType }),
      },
      body,
      chunked,
    }));
}

function methodFor(method: string): fc.Arbitrary<string> {
  const others = ['HEAD', 'OPTIONS', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];
  return fc.oneof(
    { weight: 19, arbitrary: fc.constant(method) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function valuesOf(parameters: readonly Parameter[], frequency: number): fc.Arbitrary<Pairs> {
  const pairs = parameters.map(({ name, schema, required }) => {
    const value = parameterText(schema, name).map((text): [string, string] => [name, text]);
    return required ? value : fc.option(value, { freq: frequency });
  });
  return fc.tuple(...pairs).map((found) => found.filter((pair) => pair !== null));
}

function fill(path: string, values: Pairs): string {
  const filled = values.reduce((url, [name, value]) => url.replace(`{${name}}`, () => encoded(value)), path);
  return filled;
}

/** Also half a character, which no encoder takes; marks are left for the moment of sending. */
function encoded(text: string): string {
  const parts = text.split(/(@@\w+:\d+@@)/);
  return parts.map((part) => (part.startsWith('@@') ? part : percent(part))).join('');
}

function percent(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')
    .slice(0, 6_000);
}

function queryFor(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const oddities = [
    '&&&',
    'a[]=1',
    'limit=1&limit=2',
    '%zz=1',
    'limit=%',
    'limit',
    '=',
    '__proto__=1',
    'q=%ff',
    '?',
  ];
  const oddity = fc.option(fc.constantFrom(...oddities), { freq: 1, nil: '' });
  return fc
    .tuple(
      valuesOf(parameters, 1),
      fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oddity }),
    )
    .map(([pairs, odd]) => {
      const parts = [...pairs.map(([name, value]) => `${name}=${encoded(value)}`), odd].filter(
        (part) => part !== '',
      );
      return parts.length > 0 ? `?${parts.join('&')}` : '';
    });
}

function headersFor(parameters: readonly Parameter[]): fc.Arbitrary<Pairs> {
  const declared = valuesOf(parameters, 2).map((pairs) =>
    pairs
      .filter(([name]) => name !== 'Prefer')
      .map(([name, value]): [string, string] => [name, headerText(value)]),
  );
  const prefers = parameters.some(({ name }) => name === 'Prefer');
  const preference = prefers
    ? fc.option(
        fc.constantFrom(...PREFERENCES).map((value): [string, string] => ['Prefer', value]),
        { freq: 2 },
      )
    : fc.constant(null);
  const other = fc
    .constantFrom(...Object.keys(OTHER_HEADERS))
    .chain((name) =>
      fc.constantFrom(...OTHER_HEADERS[name]!).map((value): [string, string] => [name, value]),
    );
  return fc
    .tuple(
      declared,
      preference,
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: other }),
    )
    .map(([first, ...others]) => [...first, ...others.filter((pair) => pair !== null)]);
}

/** What a client may put into a header. */
function headerText(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2_000);
}

/** A body as text or bytes: what JSON says of a value, or something that is no JSON. */
function bodyText(operation: Operation): fc.Arbitrary<string | Buffer | undefined> {
  const value = operation.body ? bodyFor(operation.body) : hostileValue;
  const json = value.map(textOf);
  const spoilt = fc.tuple(json, fc.constantFrom(...SPOILERS)).map(([text, spoil]) => spoil(text));
  const none = fc.constant(undefined);
  const weights = operation.body ? { json: 30, spoilt: 5, none: 1 } : { json: 1, spoilt: 1, none: 20 };
  return fc.oneof(
    { weight: weights.json, arbitrary: json },
    { weight: weights.spoilt, arbitrary: spoilt },
    { weight: weights.none, arbitrary: none },
  );
}

function textOf(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(/"@@raw:(.*?)@@"/g, '$1');
}

const SPOILERS: readonly ((text: string) => string | Buffer)[] = [
  (text) => text.slice(0, Math.floor(text.length / 2)),
  (text) => `${text}${text}`,
  (text) => `\ufeff${text}`,
  (text) => `${text}\0`,
  (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0x7d])]),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => gzipSync(text),
  (text) => text.replace(/^\{/, '{"payload":{"first":1},'),
  (text) => text.replace(/^\{/, '{"__proto__":{"a":1},'),
  (text) => text.replace(/^\{/, '{"constructor":{"prototype":{}},'),
  (text) => text.replaceAll('"', "'"),
  () => `{"payload":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  () => `{"payload":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
  () => `{"payload":{"a":"${'x'.repeat(1_100_000)}"}}`,
  () => '',
  () => ' ',
  () => `{"payload":{"${HOSTILE_TEXTS[6]}":"\\ud800"}}`,
  () => '{"payload":{"n":1e400}}',
];
