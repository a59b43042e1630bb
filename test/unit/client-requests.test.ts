import type { ServerResponse } from 'node:http';
import { ConnectionError, ProblemError, Roundhouse } from '../../clients/typescript/src/index.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';

type Step = (response: ServerResponse) => void;

const problem = (status: number, headers: Record<string, string> = {}, code = 'some_problem'): Step => {
  const body = {
    type: 'x',
    title: 'x',
    status,
    detail: 'Do something else.',
    instance: '/',
    code,
    request_id: 'r1',
  };
  return (response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/problem+json', ...headers })
      .end(JSON.stringify(body));
};
const ok: Step = (response) =>
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"job_id":"j"}');

describe('what the TypeScript client sends', () => {
  let peer: HttpPeer;
  let steps: Step[];
  beforeAll(async () => {
    const answer = (response: ServerResponse) => (steps.shift() ?? ok)(response);
    const everywhere = new Proxy<Record<string, typeof answer>>({}, { get: () => answer });
    peer = await startHttpPeer(everywhere);
  });
  beforeEach(() => {
    steps = [];
    peer.requests.splice(0);
  });
  afterAll(() => peer?.stop());

  const client = (options: object = {}) => new Roundhouse({ url: peer.url, ...options });
  const thrown = (asking: Promise<unknown>) =>
    asking.then(
      () => undefined,
      (error: unknown) => error,
    );
  const keys = () => peer.requests.map(({ headers }) => headers['idempotency-key']);

  test('is sent again under the same key while the service is busy or away', async () => {
    steps = [problem(503), problem(429), problem(502), problem(408)];
    await client().jobs.submit('echo', {});
    expect(peer.requests).toHaveLength(5);
    expect(new Set(keys()).size).toBe(1);
    expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/);
    await client().jobs.submit('echo', {});
    expect(new Set(keys()).size).toBe(2);
  });

  test('has the key of the caller, in the body, and no other', async () => {
    await client().jobs.submit('echo', {}, { idempotency_key: 'mine' });
    expect(keys()).toEqual([undefined]);
    expect(JSON.parse(peer.requests[0]!.body)).toMatchObject({ idempotency_key: 'mine' });
    await client().request('POST /tasks/{type}', {
      path: { type: 'echo' },
      body: { idempotency_key: 'payload' },
    });
    expect(keys()[1]).toMatch(/^[0-9a-f]{32}$/);
  });

  test('waits for as long as the service asks for', async () => {
    steps = [problem(503, { 'Retry-After': '1' })];
    const from = performance.now();
    await client().jobs.get('j');
    expect(performance.now() - from).toBeGreaterThanOrEqual(990);
  });

  test('does not wait when the service asks for more than a minute', async () => {
    steps = [problem(429, { 'Retry-After': '61' })];
    expect(await thrown(client().jobs.get('j'))).toMatchObject({ status: 429, retryAfter: 61 });
    expect(peer.requests).toHaveLength(1);
  });

  test('is sent no more often than was wished', async () => {
    steps = Array.from({ length: 9 }, () => problem(503));
    expect(await thrown(client({ retries: 2 }).jobs.get('j'))).toBeInstanceOf(ProblemError);
    expect(peer.requests).toHaveLength(3);
    expect(await thrown(client().jobs.get('j', { retries: 0 }))).toBeInstanceOf(ProblemError);
    expect(peer.requests).toHaveLength(4);
  });

  test('is sent once when nobody knows whether it was carried out, unless a limit has refused it', async () => {
    steps = [problem(503)];
    expect(await thrown(client().jobs.retry('j'))).toMatchObject({ status: 503 });
    expect(peer.requests).toHaveLength(1);
    steps = [problem(429)];
    await client().jobs.retry('j');
    expect(peer.requests).toHaveLength(3);
  });

  test('is sent again when the connection breaks, unless nobody knows whether it was carried out', async () => {
    const cut: Step = (response) => response.destroy();
    steps = [cut, cut];
    await client().jobs.submit('echo', {});
    expect(peer.requests).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    steps = [cut];
    expect(await thrown(client().jobs.retry('j'))).toBeInstanceOf(ConnectionError);
    expect(peer.requests).toHaveLength(4);
  });

  test.each([400, 401, 404, 409, 422, 500])('is not sent again after %i', async (status) => {
    steps = [problem(status)];
    expect(await thrown(client().jobs.get('j'))).toMatchObject({
      status,
      code: 'some_problem',
      requestId: 'r1',
    });
    expect(peer.requests).toHaveLength(1);
  });

  test('stops between two tries when it is told to', async () => {
    steps = [problem(503, { 'Retry-After': '50' })];
    const stopping = new AbortController();
    const reason = new Error('enough');
    const asking = thrown(client().jobs.get('j', { signal: stopping.signal }));
    while (peer.requests.length === 0) await new Promise(setImmediate);
    stopping.abort(reason);
    expect(await asking).toBe(reason);
    expect(peer.requests).toHaveLength(1);
  });

  test('is given up when no answer comes in time, or only its beginning', async () => {
    steps = [
      () => undefined,
      (response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write('{'),
    ];
    const error = await thrown(client({ timeout: 100, retries: 1 }).jobs.get('j'));
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as Error).message).toContain('no answer within 100 ms');
    expect(peer.requests).toHaveLength(2);
  });

  test('is sent again when the answer broke off', async () => {
    steps = [
      (response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '99' })
          .flushHeaders(),
    ];
    steps[0] = (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '99' }).write('{');
      setImmediate(() => response.destroy());
    };
    expect(await client().jobs.submit('echo', {})).toEqual({ job_id: 'j' });
    expect(new Set(keys()).size).toBe(1);
  });

  test('finds out that something else answers', async () => {
    const html =
      (status: number, headers = {}): Step =>
      (response) =>
        response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end('<p>');
    const impatient = client({ retries: 0 });
    steps = [html(200), html(502), html(301, { Location: 'https://elsewhere.example/' })];
    expect(await thrown(impatient.jobs.get('j'))).toBeInstanceOf(ConnectionError);
    expect(await thrown(impatient.jobs.get('j'))).toMatchObject({
      status: 502,
      code: 'http_502',
      requestId: undefined,
    });
    expect(await thrown(impatient.jobs.get('j'))).toMatchObject({
      status: 301,
      detail: expect.stringContaining('https://elsewhere.example/'),
    });
  });

  test('shows the key of the caller, asked for anew each time where it may change', async () => {
    let asked = 0;
    steps = [problem(503)];
    await client({ apiKey: async () => `token ${(asked += 1)}` }).jobs.get('j');
    await client({ apiKey: 'rh_1' }).jobs.get('j');
    await client().jobs.get('j');
    expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token 1',
      'Bearer token 2',
      'Bearer rh_1',
      undefined,
    ]);
  });

  test('goes to the path of the service and nowhere else', async () => {
    const below = new Roundhouse({ url: `${peer.url}/jobs-api?x=1` });
    await below.jobs.get('a/b?c');
    await below.jobs.list({ q: 'payload.a:1 b', created_after: undefined }).pages().next();
    expect(peer.requests.map(({ url }) => url)).toEqual([
      '/jobs-api/jobs/a%2Fb%3Fc',
      '/jobs-api/jobs?q=payload.a%3A1+b',
    ]);
    for (const id of ['', '.', '..']) expect(() => below.jobs.get(id)).toThrow(TypeError);
    for (const url of ['nonsense', 'ftp://example.org'])
      expect(() => new Roundhouse({ url })).toThrow(/url/i);
    for (const wrong of [{ timeout: 0 }, { timeout: Number.NaN }, { retries: -1 }])
      expect(() => client(wrong)).toThrow(TypeError);
  });

  test('is sent by another fetch where one is given, with the headers of the call', async () => {
    const sent: RequestInit[] = [];
    const own: typeof fetch = (input, init) => {
      sent.push(init!);
      return fetch(input, init);
    };
    await client({ fetch: own }).jobs.get('j', { headers: { traceparent: '00-1-2-01' } });
    expect(sent).toHaveLength(1);
    expect(peer.requests[0]!.headers.traceparent).toBe('00-1-2-01');
  });
});
