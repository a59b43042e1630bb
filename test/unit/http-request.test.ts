import type { DomainError } from '../../src/common/index.js';
import { toValid } from '../../src/common/http/index.js';
import { EgressRules } from '../../src/egress/index.js';
import { isExpected } from '../../src/tasks/http-request/expected-status.js';
import { httpRequestPayload } from '../../src/tasks/http-request/http-request.payload.js';
import { toResult } from '../../src/tasks/http-request/http-request.result.js';
import { type Hop, locationOf, redirected } from '../../src/tasks/http-request/redirects.js';
import { retryAfterSeconds } from '../../src/egress/index.js';

const Payload = httpRequestPayload(new EgressRules({ allowHttp: false, allowPrivate: false }));

describe('the payload of an http_request', () => {
  const url = 'https://example.com/';
  const faultsOf = async (payload: object) => {
    try {
      await toValid(Payload, payload);
      return [];
    } catch (error) {
      return (error as DomainError).options.faults!.map(({ pointer, detail }) => `${pointer}: ${detail}`);
    }
  };

  test.each<[object]>([
    [{ url }],
    [{ url, method: 'POST', body: '' }],
    [{ url, method: 'POST', json: null }],
    [{ url, method: 'DELETE', json: [1, 'a', {}] }],
    [{ url, method: 'OPTIONS', headers: { 'X-A': '', accept: 'text/html', 'User-Agent': 'mine/1.0' } }],
    [
      {
        url,
        expected_status: [200, '4xx', 599],
        timeout: 0.5 + 0.5,
        response_max_bytes: 0,
        follow_redirects: 0,
      },
    ],
    [{ url, timeout: 30, response_max_bytes: 262_144, follow_redirects: 3 }],
  ])('may be %j', async (payload) => expect(await faultsOf(payload)).toEqual([]));

  test.each<[payload: object, fault: string]>([
    [{}, '/url: url must be a URL of at most 2048 characters, such as https://example.com/hooks'],
    [{ url: 'http://example.com' }, '/url: url must begin with https:// unless HTTP_ALLOW_HTTP is true'],
    [
      { url: 'https://[::1]/' },
      '/url: url leads to a loopback address, where no request may go unless HTTP_ALLOW_PRIVATE is true',
    ],
    [{ url, uri: url }, '/uri: There is no field "uri". Did you mean "url"?'],
    [
      { url, method: 'get' },
      '/method: method must be one of the following values: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    ],
    [{ url, body: 'a' }, '/body: body cannot be sent with GET: use POST'],
    [{ url, method: 'HEAD', json: {} }, '/json: json cannot be sent with HEAD: use POST'],
    [{ url, method: 'POST', body: {} }, '/body: body must be a text: JSON belongs in json'],
    [{ url, method: 'POST', body: 'a', json: 1 }, '/body: body and json exclude each other: send one'],
    [
      { url, headers: [] },
      '/headers: headers must be an object of texts, such as {"Accept": "application/json"}',
    ],
    [
      { url, headers: { Host: 'a' } },
      '/headers: headers must not hold "Host": it is set for each connection',
    ],
    [
      { url, headers: { 'Content-Length': '1' } },
      '/headers: headers must not hold "Content-Length": it is set for each connection',
    ],
    [
      { url, headers: { 'TRANSFER-ENCODING': 'chunked' } },
      '/headers: headers must not hold "TRANSFER-ENCODING": it is set for each connection',
    ],
    [
      { url, headers: { 'idempotency-key': 'a' } },
      '/headers: headers must not hold "idempotency-key": it is the id of the job',
    ],
    [
      { url, headers: { 'X-Job-Attempt': '9' } },
      '/headers: headers must not hold "X-Job-Attempt": it is the number of the attempt',
    ],
    [
      { url, headers: { 'a b': 'c' } },
      '/headers: headers must not hold "a b": a name has letters, digits and hyphens only',
    ],
    [
      { url, headers: { 'a:b': 'c' } },
      '/headers: headers must not hold "a:b": a name has letters, digits and hyphens only',
    ],
    [
      { url, headers: { '': 'c' } },
      '/headers: headers must not hold "": a name has letters, digits and hyphens only',
    ],
    [
      { url, headers: { a: 'b\r\nc: d' } },
      '/headers: headers must hold visible ASCII characters only under "a": encode others',
    ],
    [
      { url, headers: { a: 'b\nc' } },
      '/headers: headers must hold visible ASCII characters only under "a": encode others',
    ],
    [
      { url, headers: { a: 'b\0' } },
      '/headers: headers must hold visible ASCII characters only under "a": encode others',
    ],
    [
      { url, headers: { a: 'ü' } },
      '/headers: headers must hold visible ASCII characters only under "a": encode others',
    ],
    [{ url, headers: { a: 1 } }, '/headers: headers must hold a text under "a"'],
    [{ url, headers: { a: '1', A: '2' } }, '/headers: headers names "A" twice: join the values with a comma'],
    [
      { url, headers: { a: 'x'.repeat(8_000) } },
      '/headers: headers must not be longer than 8000 characters in all',
    ],
    [
      { url, headers: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`h${n}`, ''])) },
      '/headers: headers must not be more than 50',
    ],
    ...[[], [99], [600], ['200'], ['6xx'], [200.5], Array(21).fill(200), 200].map(
      (expected_status): [object, string] => [
        { url, expected_status },
        '/expected_status: expected_status must be a list of 1 to 20 codes from 200 to 599 and classes, such as [200, 404, "2xx"]',
      ],
    ),
    [{ url, timeout: 0.5 }, '/timeout: timeout must not be less than 1'],
    [{ url, timeout: 31 }, '/timeout: timeout must not be greater than 30'],
    [
      { url, response_max_bytes: 262_145 },
      '/response_max_bytes: response_max_bytes must not be greater than 262144',
    ],
    [{ url, follow_redirects: 4 }, '/follow_redirects: follow_redirects must not be greater than 3'],
  ])('may not be %j', async (payload, fault) => expect(await faultsOf(payload)).toContain(fault));
});

describe('an http_request', () => {
  test('expects codes and classes', () => {
    expect(isExpected(204, ['2xx'])).toBe(true);
    expect(isExpected(404, ['2xx', 404])).toBe(true);
    expect(isExpected(403, ['2xx', 404])).toBe(false);
  });

  const now = Date.parse('2026-02-01T00:00:00Z');
  test.each([
    ['30', 30],
    [' 30 ', 30],
    ['0', 1],
    ['86400', 3_600],
    ['9'.repeat(400), 3_600],
    ['Sun, 01 Feb 2026 00:02:00 GMT', 120],
    ['Sat, 31 Jan 2026 00:00:00 GMT', 1],
    ['Sun, 01 Feb 2027 00:00:00 GMT', 3_600],
    ['-5', undefined],
    ['5 apples', undefined],
    ['soon GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads "Retry-After: %s" as %p s', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

describe('a redirect', () => {
  const post: Hop = {
    url: 'https://a.example/x?y',
    method: 'POST',
    headers: {
      'content-type': 'text/plain',
      accept: '*/*',
      'idempotency-key': 'id',
      authorization: 'Bearer secret',
      cookie: 'a=b',
      'x-api-key': 'secret',
      'x-auth-token': 'secret',
      'x-hub-signature-256': 'secret',
    },
    body: 'text',
  };

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [302, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('%d of a %s is a %s', (status, method, becomes) => {
    const next = redirected({ ...post, method }, status, '/next');
    const staysAsItIs = method === becomes && method !== 'HEAD';
    expect(next.url).toBe('https://a.example/next');
    expect(next.method).toBe(becomes);
    if (staysAsItIs) expect(next).toMatchObject({ body: 'text', headers: post.headers });
    if (method !== becomes) expect([next.body, next.headers['content-type']]).toEqual([undefined, undefined]);
    expect(next.headers.authorization).toBe('Bearer secret');
  });

  test.each([
    'https://b.example/',
    'https://a.example:8443/',
    'http://a.example/',
    '//b.example/',
    'https://a.example.b/',
  ])('to %s leaves secrets behind', (location) => {
    const { headers } = redirected(post, 307, location);
    expect(headers).toEqual({ 'content-type': 'text/plain', accept: '*/*', 'idempotency-key': 'id' });
  });

  test('needs a status that is one, and a location', () => {
    const headers = { location: '/' };
    expect([301, 302, 303, 307, 308].map((status) => locationOf({ status, headers }))).toEqual(
      Array(5).fill('/'),
    );
    expect([200, 201, 300, 304, 305, 306, 400].map((status) => locationOf({ status, headers }))).toEqual(
      Array(7).fill(undefined),
    );
    expect(locationOf({ status: 302, headers: {} })).toBeUndefined();
  });

  test('to something that is no URL is left as it is, for the rules to refuse', () => {
    expect(redirected(post, 302, 'https://').url).toBe('https://');
  });
});

describe('the result of an http_request', () => {
  const course = { url: 'https://example.com/', redirects: 0, durationMs: 12.3 };
  const resultOf = (bytes: Buffer, truncated = false, headers = {}) =>
    toResult({ status: 200, headers, body: { bytes, truncated } }, course);

  test('holds text as text and anything else as base64', () => {
    expect(resultOf(Buffer.from('Käse'))).toEqual({
      status: 200,
      headers: {},
      body: 'Käse',
      encoding: 'utf-8',
      bytes: 5,
      truncated: false,
      url: 'https://example.com/',
      redirects: 0,
      duration_ms: 12,
    });
    expect(resultOf(Buffer.from([0xff, 0xfe]))).toMatchObject({ body: '//4=', encoding: 'base64', bytes: 2 });
    expect(resultOf(Buffer.from('a\0b'))).toMatchObject({ body: 'YQBi', encoding: 'base64', bytes: 3 });
    expect(resultOf(Buffer.from('\ufeffa')).body).toBe('\ufeffa');
  });

  test.each([
    ['aé', 2, 'a'],
    ['aé', 3, 'aé'],
    ['a€', 3, 'a'],
    ['a😀', 4, 'a'],
    ['a😀', 5, 'a😀'],
    ['é', 1, ''],
  ])('cuts %s after %d bytes between characters', (text, bytes, body) => {
    expect(resultOf(Buffer.from(text).subarray(0, bytes), true)).toMatchObject({
      body,
      encoding: 'utf-8',
      bytes: Buffer.byteLength(body),
      truncated: true,
    });
  });

  test.each([
    ['text that JSON escapes', Buffer.alloc(262_144, '\u0001')],
    ['quotes at the beginning', Buffer.from('"'.repeat(131_072) + 'a'.repeat(131_072))],
    ['bytes', Buffer.alloc(262_144, 0xff)],
    ['umlauts', Buffer.from('ä'.repeat(131_072))],
  ])('of %s is cut to what a job can keep', (_what, bytes) => {
    const result = resultOf(bytes, false, { 'content-type': 'x'.repeat(10_000) });
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(256 * 1024);
    expect(result).toMatchObject({ truncated: true });
    const kept = Buffer.from(result.body, result.encoding);
    expect(kept).toHaveLength(result.bytes);
    expect(bytes.subarray(0, kept.length).equals(kept)).toBe(true);
    expect(kept.length).toBeGreaterThan(30_000);
  });

  test('leaves out cookies and what it does not know', () => {
    const headers = {
      'content-type': 'text/html',
      'set-cookie': ['a=b'],
      'www-authenticate': 'Basic',
      link: ['<a>', '<b>'],
      'x-secret': 'c',
    };
    expect(resultOf(Buffer.from(''), false, headers).headers).toEqual({
      'content-type': 'text/html',
      link: '<a>, <b>',
    });
  });
});
