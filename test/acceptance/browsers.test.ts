import { startLockedApp } from '../support/keys.js';
import { type RawAnswer, sendBytes, sendRaw } from '../support/raw-http.js';
import { type App, startApp } from '../support/start-app.js';

const OURS = 'https://app.example.org';
const PREFLIGHT = {
  'Access-Control-Request-Method': 'POST',
  'Access-Control-Request-Headers': 'content-type',
};

describe('an API that asks for no key', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('browsers', {
      workers: 0,
      environment: {
        ALLOWED_HOSTS: 'jobs.example.org,.shop.example',
        CORS_ORIGINS: OURS,
        HSTS_MAX_AGE: '3600',
      },
    });
  });
  afterAll(() => app?.stop());

  const send = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
    sendRaw(app.api.ready + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const port = () => new URL(app.api.ready).port;
  const codeOf = ({ text }: RawAnswer) => (JSON.parse(text) as { code: string }).code;

  test.each([
    'evil.example',
    'evil.example:8000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'jobs.example.org.evil.example',
    'evil-jobs.example.org',
    'shop.example',
    'localhost@evil.example',
    'evil.internal.example',
    '[::1].evil.example',
    '::1',
  ])('answers nothing under the name %p, which a website could make lead here', async (host) => {
    for (const path of ['/jobs', '/health', '/metrics', '/', '/docs', '/overview.json', '/nowhere']) {
      const answer = await send(path, { Host: host });
      expect([path, answer.status, answer.headers['cache-control']]).toEqual([path, 421, 'no-store']);
      expect(codeOf(answer)).toBe('unknown_host');
    }
    const { status } = await send('/queues/default/pause', { Host: host }, 'POST');
    expect(status).toBe(421);
  });

  test.each([
    'localhost',
    'LOCALHOST:8000',
    'localhost.',
    'jobs.localhost',
    '127.0.0.1',
    '192.168.7.7:80',
    '[::1]:8000',
    'roundhouse',
    'host.docker.internal',
    'jobs.example.org',
    'JOBS.example.org:443',
    'a.b.shop.example',
  ])('answers under the name %s', async (host) => {
    expect((await send('/jobs', { Host: host })).status).toBe(200);
  });

  const CROSS = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'empty' };

  test.each([
    ['a form or fetch without a preflight', { Origin: 'https://evil.example', ...CROSS }],
    ['an old browser', { Origin: 'https://evil.example' }],
    ['an old browser on another port of this machine', { Origin: 'http://localhost:3000' }],
    ['a page in a sandbox', { Origin: 'null' }],
    ['a page that hides its origin', { Origin: 'null', ...CROSS }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-site' }],
    ['another site without an origin', CROSS],
    [
      'a form that opens a page',
      {
        ...CROSS,
        Origin: 'https://evil.example',
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
      },
    ],
    ['a look-alike of an origin that may', { Origin: `${OURS}.evil.example`, ...CROSS }],
    ['an origin that may, without TLS', { Origin: OURS.replace('https', 'http'), ...CROSS }],
  ])('takes nothing from %s', async (_, headers) => {
    const bodies = [
      ['/jobs', { 'Content-Type': 'text/plain' }, '{"type":"echo","payload":{}}'],
      ['/jobs', { 'Content-Type': 'application/json' }, '{"type":"echo","payload":{}}'],
      ['/queues/default/pause', {}, undefined],
    ] as const;
    for (const [path, type, body] of bodies) {
      const answer = await send(path, { ...type, ...headers }, 'POST', body);
      expect([path, answer.status]).toEqual([path, 403]);
      expect(codeOf(answer)).toBe('foreign_site');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const { body: jobs } = await app.client.get('/jobs');
    expect(jobs.jobs).toEqual([]);
    const { body: queue } = await app.client.get('/queues/default');
    expect(queue.paused ?? queue.is_paused ?? false).toBe(false);
  });

  test.each([
    ['a script', { ...CROSS, 'Sec-Fetch-Dest': 'script' }],
    ['an image', { ...CROSS, 'Sec-Fetch-Dest': 'image' }],
    ['a frame', { ...CROSS, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }],
    ['a fetch', { ...CROSS, 'Sec-Fetch-Mode': 'cors', Origin: 'https://evil.example' }],
  ])('is not read by %s of another site', async (_, headers) => {
    for (const path of ['/jobs', '/metrics', '/overview.json'])
      expect((await send(path, headers as Record<string, string>)).status).toBe(403);
  });

  test('may be visited by a link, and used by its own pages and by programs', async () => {
    const visit = { ...CROSS, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    expect((await send('/docs', visit)).status).toBe(200);
    expect((await send('/', { 'Sec-Fetch-Site': 'none' })).status).toBe(200);
    const own = `http://127.0.0.1:${port()}`;
    const job = ['POST', '{"type":"echo","payload":{}}'] as const;
    const json = { 'Content-Type': 'application/json' };
    expect((await send('/jobs', { ...json, Origin: own }, ...job)).status).toBe(201);
    const fetched = { ...json, Origin: own, 'Sec-Fetch-Site': 'same-origin' };
    expect((await send('/jobs', fetched, ...job)).status).toBe(201);
    expect((await send('/jobs', json, ...job)).status).toBe(201);
  });

  test('may be called by pages of the origins that are listed, which read its reasons, too', async () => {
    const from = { Origin: OURS, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };
    const asked = await send('/jobs', { ...from, ...PREFLIGHT }, 'OPTIONS');
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': expect.stringMatching(/Authorization.*Idempotency-Key.*If-Match/),
      vary: 'Origin',
    });
    const json = { 'Content-Type': 'application/json' };
    const answers = [
      await send('/jobs', { ...from, ...json }, 'POST', '{"type":"echo","payload":{}}'),
      await send('/jobs', { ...from, ...json }, 'POST', '{'),
      await send('/nowhere', from),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 404]);
    for (const { headers } of [asked, ...answers]) {
      expect(headers['access-control-allow-origin']).toBe(OURS);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
    expect((await send('/jobs', { Host: 'evil.example', ...from })).status).toBe(421);
  });

  test('says in every kind of answer what browsers must not do with it', async () => {
    const { body: job } = await app.client.post('/jobs', { type: 'echo', payload: {} });
    const answers = {
      list: await send('/jobs'),
      one: await send(`/jobs/${job.job_id}`),
      submitted: await send('/jobs', { 'Content-Type': 'application/json' }, 'POST', '{"payload":{}}'),
      nothing: await send('/nowhere'),
      wrongMethod: await send('/jobs', {}, 'DELETE'),
      invalid: await send('/jobs?limit=no'),
      malformed: await send('/jobs', { 'Content-Type': 'application/json' }, 'POST', '{'),
      tooLarge: await send(
        '/jobs',
        { 'Content-Type': 'application/json', 'Content-Length': '99999999' },
        'POST',
      ),
      wrongType: await send('/jobs', { 'Content-Type': 'text/plain' }, 'POST', 'x'),
      unroutable: await send('/jobs/%ff%'),
      tooLong: await send(`/jobs/${'x'.repeat(2_000)}`),
      health: await send('/health'),
      metrics: await send('/metrics'),
      head: await send('/jobs', {}, 'HEAD'),
      page: await send('/'),
      docs: await send('/docs'),
      docsJs: await send('/docs/swagger-ui-bundle.js'),
      asset: await send('/assets/start.js'),
      document: await send('/openapi.json'),
      foreign: await send('/jobs', CROSS),
    };
    const pages = new Set(['page', 'docs', 'docsJs']);
    const cacheable = new Set(['page', 'docsJs', 'asset']);
    for (const [kind, { headers, status }] of Object.entries(answers)) {
      expect([kind, status >= 500]).toEqual([kind, false]);
      expect({ kind, ...headers }).toMatchObject({
        kind,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
      });
      if (!pages.has(kind)) expect(headers['content-security-policy']).not.toContain('script-src');
      if (!cacheable.has(kind)) expect([kind, headers['cache-control']]).toEqual([kind, 'no-store']);
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
      expect(headers.server).toBeUndefined();
    }
    expect(answers.list.headers['strict-transport-security']).toBe('max-age=3600');
    expect(answers.list.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('says it also to bytes that are no request', async () => {
    const answer = await sendBytes(app.api.ready, 'NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.toLowerCase()).toContain('\r\nx-content-type-options: nosniff\r\n');
    expect(answer.toLowerCase()).toContain('\r\ncache-control: no-store\r\n');
  });
});

describe('an API that asks for keys', () => {
  let app: App;
  let allowed: (...scopes: string[]) => Promise<Record<string, string>>;
  beforeAll(async () => {
    ({ app, allowed } = await startLockedApp('browsers keys'));
  });
  afterAll(() => app?.stop());

  test('tells strangers no figures and no versions of its health', async () => {
    const up = { status: 'up' };
    const { status, text } = await sendRaw(`${app.api.ready}/health`);
    const details = {
      database: up,
      queue: up,
      worker: { ...up, message: expect.stringMatching(/^No worker/) },
    };
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'ok', info: details, error: {}, details }]);
    const ready = await sendRaw(`${app.api.ready}/health/ready`);
    expect(JSON.parse(ready.text).details).toEqual({ database: up, migrations: up });
    await app.database.pool.query('ALTER TABLE migrations RENAME TO migrations_away');
    const ill = await sendRaw(`${app.api.ready}/health/ready`);
    await app.database.pool.query('ALTER TABLE migrations_away RENAME TO migrations');
    expect(ill.status).toBe(503);
    const { migrations } = JSON.parse(ill.text).error;
    expect(migrations).toEqual({ status: 'down', message: expect.any(String) });
    expect(migrations.message).not.toMatch(/relation|select|pg_|at .*\.js/i);
  });

  test('answers whoever shows one, under any name, and tells browsers of no origin that may read it', async () => {
    const headers = { Host: 'jobs.example.org', Origin: OURS, ...(await allowed('jobs:read')) };
    const answer = await sendRaw(`${app.api.ready}/jobs`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    const preflight = await sendRaw(`${app.api.ready}/jobs`, {
      method: 'OPTIONS',
      headers: { Origin: OURS, ...PREFLIGHT, 'Access-Control-Request-Headers': 'authorization' },
    });
    expect(preflight.status).toBe(405);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
