import { once } from 'node:events';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { version } from '../../src/common/index.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { type HttpPeer, startHttpPeer, writeForEver } from '../support/http-peer.js';
import { Metrics } from '../support/metrics.js';
import { type App, startApp } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

const MIB = 1024 * 1024;

describe('a job that sends an HTTP request', () => {
  let app: App;
  let peer: HttpPeer;
  let other: HttpPeer;
  let dripping: Server;
  let busyFor: number;
  beforeAll(async () => {
    other = await startHttpPeer({ '/there': (response) => response.end('there') });
    const bomb = gzipSync(Buffer.alloc(128 * MIB));
    const redirect = (status: number, location: string) => (response: any) =>
      response.writeHead(status, { Location: location }).end();
    peer = await startHttpPeer({
      '/hello': (response) =>
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Set-Cookie': 'a=b' }).end('hello'),
      '/created': (response) => response.writeHead(201).end(),
      '/bytes': (response) => response.end(Buffer.from([0xff, 0x00, 0xfe])),
      '/here': redirect(307, '/hello?after'),
      '/away': redirect(302, `${other.url}/there`),
      '/away-again': redirect(308, `${other.url}/there`),
      '/round': redirect(302, '/round'),
      '/metadata': redirect(302, 'http://169.254.169.254/latest/meta-data/?token=secret'),
      '/file': redirect(302, 'file:///etc/passwd'),
      '/user': redirect(302, `http://user:secret@127.0.0.1/`),
      '/endless': (response) => writeForEver(response, Buffer.alloc(64 * 1024, 'x')),
      '/bombs': (response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        writeForEver(response, bomb);
      },
      '/silent': () => undefined,
      '/missing': (response) => response.writeHead(404).end('secret'),
      '/broken': (response) => response.writeHead(500).end(),
      '/busy': (response) => {
        busyFor -= 1;
        response.writeHead(busyFor < 0 ? 200 : 429, { 'Retry-After': '1' }).end();
      },
    });
    // A byte of a header now and then, for ever.
    dripping = createServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Drip: ');
      const drip = setInterval(() => socket.write('x'), 100);
      socket.on('close', () => clearInterval(drip)).on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(dripping, 'listening');
    const metrics = await busyMetricsPort();
    app = await startApp('http request', {
      environment: {
        WORKER_METRICS_PORT: String(metrics.port),
        HTTP_ALLOW_HTTP: 'true',
        HTTP_ALLOW_PRIVATE: 'true',
        RETRY_JITTER: '0',
        // A way out that leads nowhere.
        HTTP_PROXY: 'http://127.0.0.1:1',
        http_proxy: 'http://127.0.0.1:1',
        NODE_USE_ENV_PROXY: '1',
      },
    });
    metrics.free();
  });
  afterAll(async () => {
    await app?.stop();
    await Promise.all([peer?.stop(), other?.stop()]);
    dripping?.close();
  });

  const submit = async (payload: object, more: object = {}): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { type: 'http_request', payload, ...more });
    expect(body).toMatchObject({ type: 'http_request' });
    expect(status).toBe(201);
    return body.job_id;
  };
  const completed = async (payload: object) => app.jobWith('COMPLETED', await submit(payload));
  const failed = async (payload: object, more?: object) => app.jobWith('FAILED', await submit(payload, more));
  /** What has arrived of a job, the first one first. */
  const arrivalsOf = (id: string, at = peer) =>
    at.requests.filter(({ headers }) => headers['idempotency-key'] === id);
  const outcomesOf = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((attempt: any) => attempt.outcome);

  describe('that is answered', () => {
    test('is COMPLETED with the answer', async () => {
      const { job_id, result } = await completed({ url: `${peer.url}/hello?a=b#c` });
      expect(result).toEqual({
        status: 200,
        headers: expect.objectContaining({ 'content-type': 'text/plain' }),
        body: 'hello',
        encoding: 'utf-8',
        bytes: 5,
        truncated: false,
        url: `${peer.url}/hello?a=b`,
        redirects: 0,
        duration_ms: expect.any(Number),
      });
      expect(result.headers).not.toHaveProperty('set-cookie');
      expect(arrivalsOf(job_id)).toEqual([
        {
          method: 'GET',
          url: '/hello?a=b',
          headers: {
            host: `127.0.0.1:${peer.port}`,
            connection: 'close',
            'user-agent': `Roundhouse/${version}`,
            accept: '*/*',
            'accept-encoding': 'identity',
            'idempotency-key': job_id,
            'x-job-attempt': '1',
          },
          body: '',
        },
      ]);
    });

    test.each<[object, object]>([
      [
        { method: 'POST', json: { a: [1] } },
        { body: '{"a":[1]}', headers: { 'content-type': 'application/json' } },
      ],
      [{ method: 'PUT', json: null }, { body: 'null' }],
      [
        { method: 'PATCH', body: 'Käse' },
        { body: 'Käse', headers: { 'content-type': 'text/plain;charset=UTF-8' } },
      ],
      [{ method: 'DELETE' }, { body: '' }],
      [{ method: 'OPTIONS' }, { body: '' }],
      [{ method: 'HEAD' }, { body: '' }],
      [
        { method: 'POST', body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
        { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      ],
      [
        { headers: { 'X-Own': 'mine', 'User-Agent': 'mine/1.0', Authorization: 'Bearer secret' } },
        { headers: { 'x-own': 'mine', 'user-agent': 'mine/1.0', authorization: 'Bearer secret' } },
      ],
    ])('sends %j as it was asked to', async (asked, arrived) => {
      const { job_id } = await completed({ url: `${peer.url}/hello`, ...asked });
      const { method = 'GET' } = asked as { method?: string };
      expect(arrivalsOf(job_id)).toEqual([expect.objectContaining({ method })]);
      expect(arrivalsOf(job_id)[0]).toMatchObject(arrived);
    });

    test('keeps what is no text as base64, and counts what it was told to for success', async () => {
      expect((await completed({ url: `${peer.url}/bytes` })).result).toMatchObject({
        body: '/wD+',
        encoding: 'base64',
      });
      const missing = await completed({ url: `${peer.url}/missing`, expected_status: ['2xx', 404] });
      expect(missing.result).toMatchObject({ status: 404, body: 'secret' });
    });

    test('cuts answers without end and gzip bombs, and the worker does not grow with them', async () => {
      const port = await portOf(app.workers[0]!);
      const memory = async () => (await Metrics.of(port)).value('process_resident_memory_bytes')!;
      const wave = async () => {
        const ids = await Promise.all(
          Array.from({ length: 10 }, (_, n) =>
            submit({ url: peer.url + (n % 2 ? '/endless' : '/bombs'), response_max_bytes: 100_000 }),
          ),
        );
        for (const id of ids) {
          const { result } = await app.jobWith('COMPLETED', id);
          expect(result).toMatchObject({ truncated: true, bytes: 100_000 });
        }
      };
      const before = await memory();
      for (let n = 0; n < 3; n += 1) await wave();
      // One bomb alone holds 128 MiB, and there is no end of them.
      expect((await memory()) - before).toBeLessThan(96 * MIB);
      await eventually(async () => (await peer.connections()) === 0);
    });
  });

  describe('that is redirected', () => {
    test('follows, and says where it ended', async () => {
      const { job_id, result } = await completed({ url: `${peer.url}/here`, method: 'POST', body: 'text' });
      expect(result).toMatchObject({
        status: 200,
        body: 'hello',
        url: `${peer.url}/hello?after`,
        redirects: 1,
      });
      expect(arrivalsOf(job_id).map(({ method, body }) => [method, body])).toEqual([
        ['POST', 'text'],
        ['POST', 'text'],
      ]);
    });

    test('leaves its secrets behind at another origin', async () => {
      const headers = {
        Authorization: 'Bearer secret',
        Cookie: 'a=b',
        'X-Api-Key': 'secret',
        'X-Own': 'mine',
      };
      for (const [path, method, body] of [
        ['/away', 'GET', ''],
        ['/away-again', 'POST', 'text'],
      ] as const) {
        const { job_id, result } = await completed({
          url: peer.url + path,
          method: 'POST',
          body: 'text',
          headers,
        });
        expect(result).toMatchObject({ body: 'there', url: `${other.url}/there` });
        const [arrived] = arrivalsOf(job_id, other);
        expect(arrived).toMatchObject({
          method,
          body,
          headers: { 'x-own': 'mine', host: `127.0.0.1:${other.port}` },
        });
        expect(JSON.stringify(arrived)).not.toMatch(/secret|cookie/);
      }
    });

    test('takes the redirect itself for the answer when it is to follow none', async () => {
      const url = `${peer.url}/away`;
      const { result } = await completed({ url, follow_redirects: 0, expected_status: [302] });
      expect(result).toMatchObject({ status: 302, url, headers: { location: `${other.url}/there` } });
    });

    test.each([
      ['/metadata', 'leads to a link-local or cloud metadata address, where no request may go'],
      ['/file', 'must begin with https:// or http://'],
      ['/user', 'must hold no user name and no password: send an Authorization header'],
    ])('to what is forbidden is FAILED at once: %s', async (path, fault) => {
      const job = await failed({ url: peer.url + path });
      expect(job).toMatchObject({
        attempts: 1,
        error_message: `The URL that ${peer.url} redirected to ${fault}`,
      });
    });

    test('for ever is FAILED at once', async () => {
      const job = await failed({ url: `${peer.url}/round`, follow_redirects: 2 });
      expect(job.attempts).toBe(1);
      expect(job.error_message).toMatch(/ redirected more than 2 times: /);
      expect(arrivalsOf(job.job_id)).toHaveLength(3);
    });
  });

  describe('that is not answered as expected', () => {
    test('is FAILED at once where the request is to blame, and names no more than the origin', async () => {
      const job = await failed({ url: `${peer.url}/missing?token=secret` });
      expect(job.attempts).toBe(1);
      expect(job.error_message).toBe(
        `${peer.url} answered with status 404, which expected_status does not name: mend the request, as it would be refused again`,
      );
    });

    test('is sent again where the server is to blame, under the same key', async () => {
      const { job_id, attempts } = await failed({ url: `${peer.url}/broken` }, { max_attempts: 2 });
      expect(attempts).toBe(2);
      expect(arrivalsOf(job_id).map(({ headers }) => headers['x-job-attempt'])).toEqual(['1', '2']);
    });

    test('waits as long as it is asked to, and no attempt is spent', async () => {
      busyFor = 2;
      const id = await submit({ url: `${peer.url}/busy` }, { max_attempts: 1 });
      await app.jobWith('COMPLETED', id);
      expect(await outcomesOf(id)).toEqual(['snoozed', 'snoozed', 'completed']);
      const { body } = await app.client.get(`/jobs/${id}/logs`);
      expect(JSON.stringify(body)).toContain(`answered with status 429 and asked to be left alone for 1 s`);
    });

    test.each([
      ['a port where nobody listens', 'http://127.0.0.1:1/?token=secret', /\(ECONNREFUSED\)/],
      ['a name that nobody has', 'http://nobody.invalid/', /\((ENOTFOUND|EAI_AGAIN)\)/],
    ])('may be sent again: %s', async (_what, url, code) => {
      const job = await failed({ url }, { max_attempts: 1 });
      expect(job.error_message).toMatch(/ gave no answer that could be read \(/);
      expect(job.error_message).toMatch(code);
      const { body } = await app.client.get(`/jobs/${job.job_id}/attempts`);
      expect(body.attempts).toEqual([expect.objectContaining({ outcome: 'failed' })]);
      expect(JSON.stringify(body)).not.toContain('secret');
    });

    test('may be sent again: TLS where none is spoken', async () => {
      const { error_message } = await failed({ url: `https://127.0.0.1:${peer.port}/` }, { max_attempts: 1 });
      expect(error_message).toMatch(/^https:\/\/127\.0\.0\.1:\d+ gave no answer that could be read \(E/);
    });

    test('is given up after its time, whether the server is silent or drips, and that is logged', async () => {
      const { port } = dripping.address() as AddressInfo;
      const urls = [`${peer.url}/silent?token=secret`, `http://127.0.0.1:${port}/`];
      const ids = await Promise.all(urls.map((url) => submit({ url, timeout: 1 }, { max_attempts: 1 })));
      for (const id of ids) {
        const { error_message } = await app.jobWith('FAILED', id);
        expect(error_message).toMatch(/^http:\/\/127\.0\.0\.1:\d+ did not answer in full within 1 s: /);
        await app.workers[0]!.says(`Job ${id}: API timeout on attempt 1`);
      }
    });

    test('ends within a second of its cancellation', async () => {
      const id = await submit({ url: `${peer.url}/silent`, timeout: 30 });
      await eventually(() => arrivalsOf(id).length === 1);
      const cancelledAt = performance.now();
      await app.client.post(`/jobs/${id}/cancel`);
      await app.jobWith('CANCELLED', id);
      expect(performance.now() - cancelledAt).toBeLessThan(SOON_MS);
      await eventually(async () => (await peer.connections()) === 0);
    });
  });

  test.each([
    [
      'http://169.254.169.254/latest/meta-data/',
      'url leads to a link-local or cloud metadata address, where no request may go',
    ],
    ['http://metadata.google.internal/', 'url leads to a cloud metadata service, where no request may go'],
    [
      'https://user:secret@example.com/',
      'url must hold no user name and no password: send an Authorization header',
    ],
    ['gopher://127.0.0.1/', 'url must begin with https:// or http://'],
  ])('is not accepted for %s', async (url, detail) => {
    const { status, body } = await app.client.post('/tasks/http_request', { url });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ pointer: '/url', detail, code: 'is_allowed_url' }]);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
