import { connect } from 'node:net';
import type { Answer } from '../support/http.js';
import { errorsIn } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const gzip = Buffer.from('1f8b0800000000000003ab560200', 'hex');

type Body = string | Buffer | undefined;
type Refusal = [what: string, body: Body, status: number, code: string, pointer?: string];

/** Bodies of POST /jobs. */
const BODIES: Refusal[] = [
  ['no body', undefined, 422, 'validation_failed', ''],
  ['null', 'null', 422, 'validation_failed', ''],
  ['a list', '[]', 422, 'validation_failed', ''],
  ['a text', '"x"', 422, 'validation_failed', ''],
  ['cut short', '{"payload":', 400, 'malformed_json'],
  ['a byte order mark', '\ufeff{"payload":{}}', 400, 'malformed_json'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'bad_encoding'],
  ['compressed', gzip, 400, 'bad_encoding'],
  ['__proto__', '{"payload":{"__proto__":{"a":1}}}', 400, 'forbidden_key'],
  ['constructor.prototype', '{"payload":{"constructor":{"prototype":{}}}}', 400, 'forbidden_key'],
  ['too deep', `{"payload":{"a":${nested(31)}}}`, 422, 'too_deep', ''],
  ['a depth bomb', `{"payload":${'{"a":'.repeat(100_000)}`, 422, 'too_deep', ''],
  ['too large', JSON.stringify({ payload: { a: 'x'.repeat(1_048_576) } }), 413, 'payload_too_large'],
  ['NUL in the payload', '{"payload":{"a":["x\\u0000"]}}', 422, 'invalid_unicode', '/payload/a/0'],
  ['NUL in a key', '{"payload":{"a\\u0000":1}}', 422, 'invalid_unicode', '/payload/a\0'],
  ['NUL in a tag', '{"payload":{},"tags":["\\u0000"]}', 422, 'invalid_unicode', '/tags/0'],
  ['a lone surrogate', '{"payload":{"a":"\\ud800"}}', 422, 'invalid_unicode', '/payload/a'],
  ['1e400', '{"payload":{"n":1e400}}', 422, 'invalid_number', '/payload/n'],
  [
    'a number of 20 digits',
    '{"payload":{"n":[12345678901234567890]}}',
    422,
    'invalid_number',
    '/payload/n/0',
  ],
];

/** Members that make `{"payload":{}}` wrong. */
const MEMBERS: [member: object, pointer: string, code?: string][] = [
  [{ payload: undefined }, '/payload'],
  [{ payload: null }, '/payload'],
  [{ payload: [] }, '/payload'],
  [{ payload: 'x' }, '/payload'],
  [{ type: 'ecko' }, '/type', 'unknown_job_type'],
  [{ type: '' }, '/type'],
  [{ type: 7 }, '/type'],
  [{ type: '__proto__' }, '/type', 'unknown_job_type'],
  [{ type: 'constructor' }, '/type', 'unknown_job_type'],
  ...[
    '__pgboss__send-it',
    'constructor',
    '__proto__',
    'Upper',
    'a b',
    '',
    `a${'x'.repeat(63)}`,
    "a'b",
    5,
    null,
  ].map((queue): [object, string] => [{ queue }, '/queue']),
  ...[0, 11, -1, 2 ** 31, 1e300, 1.5, '5', null, true].map((priority): [object, string] => [
    { priority },
    '/priority',
  ]),
  ...[
    'infinity',
    '100 years',
    -1,
    'tomorrow',
    1_900_000_000,
    '2101-01-01T00:00:00Z',
    '2030-02-30T00:00:00Z',
    null,
  ].map((scheduled_at): [object, string] => [{ scheduled_at }, '/scheduled_at']),
  [{ schedule_at: 'soon' }, '/schedule_at'],
  ...[
    -1,
    'PT5M',
    null,
    {},
    { day: 1 },
    { days: -1 },
    { months: 0.5 },
    { years: 1000 },
    { years: 3e9 },
    3e9,
    [1],
  ].map((schedule_in): [object, string] => [{ schedule_in }, '/schedule_in']),
  [{ schedule_in: 5, scheduled_at: '2030-01-01T00:00:00Z' }, '/schedule_in'],
  ...[0, -1, 1.5, 2 ** 31, 1e300, '5', true].map((max_attempts): [object, string] => [
    { max_attempts },
    '/max_attempts',
  ]),
  ...[-1, 1.5, false, 'x', null, { times: 1 }, { wait: -1 }, { wait: '1' }, { max_attempts: 0 }, [3]].map(
    (retry): [object, string] => [{ retry }, '/retry'],
  ),
  [{ retry: 1, max_attempts: 2 }, '/retry'],
  [{ retry: { wait: 1 }, backoff: { base_delay: 1 } }, '/backoff'],
  [{ backoff: { base_delay: -1 } }, '/backoff/base_delay'],
  [{ backoff: { max_delay: '1' } }, '/backoff/max_delay'],
  [{ backoff: { jitter: 1.1 } }, '/backoff/jitter'],
  [{ backoff: { basedelay: 1 } }, '/backoff/basedelay', 'unknown_field'],
  [{ backoff: 5 }, '/backoff'],
  ...[0, 86_401, 1.5, '5', -1, null].map((timeout): [object, string] => [{ timeout }, '/timeout']),
  ...['x', [''], [1], ['x'.repeat(101)], Array.from({ length: 21 }, String), null].map(
    (tags): [object, string] => [{ tags }, '/tags'],
  ),
  [{ state: 'completed' }, '/state', 'unknown_field'],
  [{ prioritty: 1 }, '/prioritty', 'unknown_field'],
  [{ constructor: 1 }, '/constructor', 'unknown_field'],
  [{ toString: 1 }, '/toString', 'unknown_field'],
  [{ 'a/b~c': 1 }, '/a~1b~0c', 'unknown_field'],
];

const QUERIES: [query: string, pointer: string][] = [
  ...['-1', '0', '201', '1.5', 'x', '', '1e3', '5&limit=6'].map((limit): [string, string] => [
    `limit=${limit}`,
    '/limit',
  ]),
  ...['RUNING', '', '%00', 'PENDING&status=FAILED'].map((status): [string, string] => [
    `status=${status}`,
    '/status',
  ]),
  ...['x', '!!!', '%00', 'AAAA', 'a'.repeat(201)].map((cursor): [string, string] => [
    `cursor=${cursor}`,
    '/cursor',
  ]),
  ['type=%00', '/type'],
  ['queue=a%00', '/queue'],
  ['tag=%00', '/tag'],
  [`tag=${'x'.repeat(101)}`, '/tag'],
  ['created_after=yesterday', '/created_after'],
  ['created_before=2030-02-30T00:00:00Z', '/created_before'],
  ['offset=5', '/offset'],
  ['__proto__=5', '/__proto__'],
];

describe('bad input', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('bad input', { workers: 0 });
  });
  afterAll(async () => {
    const { rows } = await app.database.pool.query('SELECT type, payload FROM jobs');
    expect(rows).toEqual([]);
    expect(errorsIn(app.api.output())).toEqual([]);
    await app.stop();
  });

  function expectProblem(answer: Answer, status: number, code: string, pointer?: string): void {
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(answer.body).toEqual({
      type: `urn:roundhouse:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.stringMatching(/\S/),
      instance: expect.stringMatching(/^\//),
      code,
      request_id: answer.headers.get('x-request-id'),
      ...(pointer === undefined ? {} : { errors: expect.anything() }),
    });
    if (pointer !== undefined)
      expect(answer.body.errors.map((fault: any) => fault.pointer)).toContain(pointer);
    expect(JSON.stringify(answer.body)).not.toMatch(/select |insert |pgboss|node_modules|\.js:\d/i);
  }

  test.each(BODIES.map(([what, ...rest]) => ({ what, rest })))(
    'in a body is refused: $what',
    async ({ rest }) => {
      const [body, status, code, pointer] = rest;
      expectProblem(await app.client.send('POST', '/jobs', body), status, code, pointer);
      if (body !== undefined && status === 400) {
        expectProblem(await app.client.send('POST', '/tasks/echo', body), status, code, pointer);
      }
    },
  );

  test('in a member is refused, each with a pointer to it', async () => {
    for (const [member, pointer, code = 'validation_failed'] of MEMBERS) {
      const answer = await app.client.post('/jobs', { payload: {}, ...member });
      const outer = code === 'unknown_field' ? 'validation_failed' : code;
      expect([member, answer.status, answer.body.code]).toEqual([member, 422, outer]);
      expectProblem(answer, 422, outer, pointer);
      if (code === 'unknown_field')
        expect(answer.body.errors).toEqual([expect.objectContaining({ pointer, code })]);
    }
  });

  test('in several members is told all at once, with a guess at what was meant', async () => {
    const { body } = await app.client.post('/jobs', { priority: 99, timeout: 0, typ: 'echo' });
    expect(body.errors.map((fault: any) => fault.pointer).sort()).toEqual([
      '/payload',
      '/priority',
      '/timeout',
      '/typ',
    ]);
    expect(body.errors).toContainEqual({
      pointer: '/typ',
      detail: 'There is no field "typ". Did you mean "type"?',
      code: 'unknown_field',
    });
    expect(body.detail).toContain('(and 3 more)');
  });

  test('in a query is refused', async () => {
    for (const [query, pointer] of QUERIES) {
      const answer = await app.client.get(`/jobs?${query}`);
      expect([query, answer.status]).toEqual([query, 422]);
      expectProblem(answer, 422, answer.body.code, pointer);
    }
  });

  test('in a content type is refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      '',
    ]) {
      const answer = await app.client.send('POST', '/jobs', '{"payload":{}}', { 'Content-Type': type });
      expect([type, answer.status]).toEqual([type, 415]);
      expectProblem(answer, 415, 'unsupported_media_type');
    }
  });

  test('in an address is answered with 404, whatever it looks like', async () => {
    const ids = [
      'x',
      '1',
      '%00',
      '%20',
      "'; DROP TABLE jobs",
      '0'.repeat(200),
      '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
      '..%2f',
    ];
    for (const id of ids) {
      for (const path of [`/jobs/${id}`, `/jobs/${id}/attempts`]) {
        const answer = await app.client.get(path);
        expect([path, answer.status]).toEqual([path, 404]);
        expectProblem(answer, 404, 'job_not_found');
      }
    }
    expectProblem(await app.client.get('/nothing/here'), 404, 'not_found');
    expectProblem(await app.client.post('/tasks/nothing', {}), 422, 'unknown_job_type', '/type');
  });

  test('in the encoding of an address is a problem like any other', async () => {
    for (const path of ['/jobs/%zz', '/jobs/%E0%A4%A', '/jobs/%c0%80/attempts', '/%']) {
      expectProblem(await app.client.get(path), 400, 'bad_request');
    }
    expectProblem(await app.client.get(`/jobs/${'0'.repeat(3_000)}`), 404, 'not_found');
  });

  test('of a method is answered with 405 and what is allowed', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/jobs', 'GET, HEAD, POST'],
      ['DELETE', '/jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55', 'GET, HEAD, PATCH'],
      ['PATCH', '/jobs/x/attempts', 'GET, HEAD'],
      ['GET', '/tasks/echo', 'POST'],
      ['POST', '/job-types', 'GET, HEAD'],
    ] as const) {
      const answer = await app.client.send(method, path);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  test('below HTTP is refused before it reaches anything', async () => {
    const smuggled =
      'POST /jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await raw(smuggled)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(`GET /jobs HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(9_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await app.client.get('/jobs')).status).toBe(200);
  });

  /** What the API answers to bytes that no client would send. */
  function raw(bytes: string): Promise<string> {
    const { hostname, port } = new URL(app.api.ready);
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        if (answer.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  }
});

describe('good input', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('good input');
  });
  afterAll(() => app?.stop());

  test('is kept exactly as it was sent, whatever its members are called', async () => {
    const payload = {
      constructor: 'Acme',
      toString: 1,
      hasOwnProperty: { constructor: { name: 'x' } },
      then: 'x',
      toJSON: null,
      prototype: [],
      task: 5,
      number: [0, -0.1, 9007199254740991, 1e21, 1e-7],
      text: 'ä 😀 \u202e \r\n \\u0000 "',
      '': { ' ': true },
    };
    const { status, body } = await app.client.post('/jobs', { payload });
    expect(status).toBe(201);
    expect(body.payload).toEqual(payload);
    const done = await app.jobWith('COMPLETED', body.job_id);
    expect(done).toMatchObject({ payload, result: payload });
  });

  test('includes times that have passed, which mean now', async () => {
    for (const scheduled_at of ['1999-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '2001-01-01 00:00']) {
      const { status, body } = await app.client.post('/jobs', { payload: {}, scheduled_at });
      expect(status).toBe(201);
      expect(body.scheduled_at).toBe(body.created_at);
    }
  });

  test('includes everything a job may say of itself', async () => {
    const { status, body } = await app.client.post('/jobs', {
      type: 'hello_world',
      payload: { n: 1 },
      queue: 'a.b-c_1',
      priority: 10,
      tags: ['x', 'y'],
      schedule_in: { days: 1 },
      max_attempts: null,
      backoff: { base_delay: 0.5, max_delay: 9, jitter: 0 },
      timeout: 86_400,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      type: 'echo',
      queue_name: 'a.b-c_1',
      priority: 10,
      tags: ['x', 'y'],
      max_attempts: null,
      status: 'PENDING',
    });
    expect(Date.parse(body.scheduled_at) - Date.parse(body.created_at)).toBeGreaterThan(86_390_000);
    const { rows } = await app.database.pool.query('SELECT backoff, timeout FROM jobs WHERE id = $1', [
      body.job_id,
    ]);
    expect(rows).toEqual([
      { timeout: 86_400, backoff: { strategy: 'exponential', baseDelay: 0.5, maxDelay: 9, jitter: 0 } },
    ]);
    expect((await app.client.post('/jobs', { payload: {}, retry: 4 })).body.max_attempts).toBe(5);
    expect((await app.client.post('/jobs', { payload: {}, retry: true })).body.max_attempts).toBeNull();
    expect((await app.client.post('/jobs', { payload: { task: 'echo' } })).body.type).toBe('echo');
    expect((await app.client.post('/jobs', { payload: { task: 'no such' } })).body.type).toBe('echo');
  });

  test('is answered in its short form too, with a body or without', async () => {
    for (const body of [undefined, {}, { a: 1 }]) {
      const { status, headers, body: answer } = await app.client.post('/tasks/echo', body);
      expect(status).toBe(201);
      expect(headers.get('location')).toBe(`/jobs/${answer.job_id}`);
      expect(answer).toEqual({
        job_id: expect.any(String),
        status: 'queued',
        message: `Job ${answer.job_id} queued successfully.`,
      });
      expect((await app.client.get(`/jobs/${answer.job_id}`)).body.payload).toEqual(body ?? {});
    }
  });
});
