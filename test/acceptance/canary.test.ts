import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ApiKeys, KeyDigests } from '../../src/auth/index.js';
import { resolveConfig } from '../../src/config/index.js';
import { eventually } from '../support/eventually.js';
import { type Answer, Client } from '../support/http.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';
import { showing } from '../support/keys.js';
import { type MailServer, startMailServer } from '../support/mail-server.js';
import { tolerateStatus } from '../support/openapi/watch-answers.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { sendBytes } from '../support/raw-http.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

/** Every secret that was planted, by where. Whatever the service tells of itself is searched for all of them. */
const planted: Record<string, string> = {};
function canary(where: string): string {
  return (planted[where] ??= `PLANTED${randomBytes(12).toString('hex')}`);
}

/** What the fixtures plant by themselves, in members of errors. */
planted['a member of an error'] = 'CANARY-IN-ERRORS';

describe('a secret', () => {
  let postgres: OwnPostgres;
  let otlp: OtlpReceiver;
  let peer: HttpPeer;
  let mails: MailServer;
  let home: string;
  let api: ProductProcess;
  let worker: ProductProcess;
  let workerUrl: string;
  let client: Client;
  let key: Record<string, string>;
  const refusals: string[] = [];

  beforeAll(async () => {
    const broken = canary('body of an answer');
    [postgres, otlp, mails, home, peer] = await Promise.all([
      startOwnPostgres(),
      OtlpReceiver.start(),
      startMailServer({ login: { user: 'jobs', password: 'another' } }),
      mkdtemp(join(tmpdir(), 'roundhouse-canary-')),
      startHttpPeer({
        '/broken': (response) => response.writeHead(500).end(broken),
        '/refuses': (response) => response.writeHead(403, { 'X-Secret': broken }).end(broken),
        '/hook': (response) => response.writeHead(500).end(broken),
        '/api/7/envelope/': (response) => response.end('{}'),
      }),
    ]);
    const port = await busyMetricsPort();
    const secretsKey = randomBytes(32).toString('base64');
    const signing = randomBytes(32).toString('base64');
    planted.SECRETS_KEY = secretsKey;
    planted.WEBHOOK_SIGNING_SECRET = signing;
    planted['password of the database'] = new URL(postgres.url).password;
    const environment = {
      AUTH_MODE: 'keys',
      SECRETS_KEY: secretsKey,
      WEBHOOK_SIGNING_SECRET: `whsec_${signing}`,
      WEBHOOK_ALLOW_HTTP: 'true',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_RETRY_DELAYS: '0.1',
      HTTP_ALLOW_HTTP: 'true',
      HTTP_ALLOW_PRIVATE: 'true',
      SMTP_URL: `smtp://jobs:${canary('password of the mail server')}@127.0.0.1:${mails.port}?requireTLS=false`,
      MAIL_FROM: 'jobs@example.org',
      SENTRY_DSN: `http://${canary('SENTRY_DSN')}@127.0.0.1:${peer.port}/7`,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      LOG_LEVEL: 'trace',
      ROUNDHOUSE_HOME: home,
      DATA_DIR: home,
      WORKER_METRICS_PORT: String(port.port),
    };
    const keys = new ApiKeys(postgres.pool, new KeyDigests(resolveConfig({ SECRETS_KEY: secretsKey })));
    const { token } = await keys.create({ name: 'test', scopes: ['admin'], expiresAt: null }, 'test');
    planted['API key'] = token.slice(-40);
    key = showing(token);
    [api, worker] = await Promise.all([
      startProduct('api', postgres.url, environment, FIXTURE_APP),
      startProduct('worker', postgres.url, environment, FIXTURE_APP),
    ]);
    port.free();
    workerUrl = await portOf(worker);
    client = new Client(api.ready);
  });

  afterAll(async () => {
    await Promise.all([api?.stop(), worker?.stop()]);
    await Promise.all([postgres?.stop(), otlp?.stop(), peer?.stop(), mails?.stop()]);
    await rm(home, { recursive: true, force: true });
  });

  /** Keeps what the API says when it refuses. */
  const noted = (answer: Answer): Answer => {
    if (answer.status >= 400) refusals.push(JSON.stringify([...answer.headers, answer.body]));
    return answer;
  };
  const post = async (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    noted(await client.post(path, body, { ...key, ...headers }));
  const get = async (path: string, headers: Record<string, string> = {}) =>
    noted(await client.get(path, { ...key, ...headers }));
  const submit = async (job: object, headers: Record<string, string> = {}): Promise<string> => {
    const { status, body } = await post('/jobs', job, headers);
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.job_id as string;
  };
  const jobWith = (status: string, id: string) =>
    eventually(async () => {
      const { body } = await get(`/jobs/${id}`);
      if (body.status !== status) throw new Error(`${body.status}: ${JSON.stringify(body.error)}`);
      return body;
    });

  test('of a job that succeeds, fails, dies or calls others', async () => {
    const idempotency = { 'Idempotency-Key': canary('Idempotency-Key') };
    const secret = canary('payload');
    const done = await submit({ type: 'echo', payload: { card: secret } }, idempotency);
    const failing = [
      { type: 'fail_as', payload: { message: 'No paper', card: secret } },
      { type: 'fail_as', payload: { message: `refused: Bearer ${canary('message of an error')}` } },
      { type: 'return', payload: { what: 'secretError', card: secret } },
      { type: 'hostile', payload: { error: 'secrets in its members', card: secret } },
      {
        type: 'http_request',
        payload: {
          url: `${peer.url}/refuses?token=${canary('query of an address')}`,
          method: 'POST',
          headers: { Authorization: `Bearer ${canary('header of http_request')}`, 'X-Api-Key': secret },
          json: { card: secret },
        },
      },
      {
        type: 'http_request',
        payload: { url: `http://127.0.0.1:1/?token=${canary('query of an address')}` },
        max_attempts: 1,
      },
      {
        type: 'send_email',
        payload: { to: ['a@example.org'], subject: 'x', text: canary('text of a mail') },
        max_attempts: 1,
      },
      { type: 'call', payload: { url: `${peer.url}/broken?token=${secret}` }, max_attempts: 1 },
    ];
    const failed = await Promise.all(failing.map((job) => submit(job)));
    await jobWith('COMPLETED', done);
    for (const id of failed) {
      const { error } = await jobWith('FAILED', id);
      refusals.push(JSON.stringify({ ...error, message: undefined, stack: undefined }));
    }
    await post('/jobs', { type: 'echo', payload: { other: secret } }, idempotency);
    expect(mails.passwords).toContain(planted['password of the mail server']);
  });

  test('of a webhook, of a callback and of a lease', async () => {
    const url = `${peer.url}/hook?token=${canary('address of a webhook')}`;
    const { body: hook } = await post('/webhooks', { url, events: ['job.completed'] });
    planted['secret of a webhook'] = String(hook.secret).slice(6);
    const callback = { callback_url: `${peer.url}/hook?token=${canary('address of a callback')}` };
    await submit({ type: 'echo', payload: { card: canary('payload') }, ...callback });
    await eventually(async () => {
      const { body } = await get(`/webhooks/${hook.webhook_id}/deliveries`);
      const [delivery] = body.deliveries as { status: string; error: string }[];
      if (delivery?.status !== 'failed') throw new Error(JSON.stringify(delivery));
      return refusals.push(delivery.error);
    });
    const type = '{"description":"x","payload_schema":{"type":"object"},"example":{}}';
    const json = { 'Content-Type': 'application/json', ...key };
    expect(noted(await client.send('PUT', '/job-types/outside', type, json)).body.type).toBe('outside');
    await submit({ type: 'outside', payload: { card: canary('payload') } });
    const { body } = await post('/leases', { queues: ['default'], types: ['outside'], worker_id: 'w' });
    const token = String(body.leases[0].lease_token);
    planted['token of a lease'] = token.slice(4);
    await post(`/leases/${token}/heartbeat`, { extend: 'nonsense' });
    await post(`/leases/${token}/nonsense`);
    await post(`/leases/${token}/fail`, { error: { name: 'E', message: 'x' } });
    await post(`/leases/${token}/complete`, { result: { card: canary('result of a lease') } });
  });

  test('of a request that is refused', async () => {
    const secret = canary('payload of a refused request');
    const query = canary('query of a refused request');
    const json = { 'Content-Type': 'application/json', ...key };
    await post('/jobs', {
      type: 'http_request',
      payload: { url: secret, headers: { 'X-A': `${secret}\n` } },
    });
    await post('/jobs', { type: 'send_email', payload: { to: [secret], subject: secret, text: secret } });
    await post('/jobs', { type: 'echo', payload: { card: `${secret}\0` } });
    await post('/jobs', { type: 'echo', payload: { card: secret }, max_attempts: -1 });
    noted(await client.send('POST', '/jobs', `{"type":"echo","payload":{"card":"${secret}"`, json));
    noted(await client.send('POST', '/jobs', `{"card":"${secret}","__proto__":1}`, json));
    noted(await client.send('POST', '/jobs', Buffer.from(`{"card":"${secret}\xff"}`, 'latin1'), json));
    noted(await client.send('POST', '/jobs', `card=${secret}`, { ...json, 'Content-Type': 'text/plain' }));
    noted(await client.send('POST', '/jobs', `"${secret.repeat(50_000)}"`, json));
    await get(`/nowhere?token=${query}`);
    await get(`/jobs?limit=0&token=${query}`);
    await get(`/jobs?cursor=${query}`);
    await get(`/jobs/%ff?token=${query}`);
    await get(`/jobs/none?token=${query}`);
    await client.get('/jobs', { Authorization: `Bearer ${canary('Authorization')}` }).then(noted);
    await client.get('/jobs', { Authorization: `Basic ${canary('Authorization')}` }).then(noted);
    await client.get('/jobs', { 'X-Api-Key': canary('X-Api-Key'), Cookie: canary('Cookie') }).then(noted);
    refusals.push(await sendBytes(api.ready, `GET /jobs?token=${query} NONSENSE\r\nX: ${secret}\r\n\r\n`));
    expect(refusals.length).toBeGreaterThan(15);
  });

  test('of a request or a job that the database fails', async () => {
    tolerateStatus(500);
    const secret = canary('payload when the database fails');
    const job = { type: 'echo', payload: { card: secret } };
    const query = `/jobs?type=${canary('query when the database fails')}`;
    const internal =
      /\b(SELECT|INSERT|UPDATE|relation|constraint|column|pg_|pgboss|typeorm|postgres|sql)\b|\.[jt]s\b|node_modules|\/(tmp|home|root|var)\//i;
    const fail = async (status: number, instance?: string) => {
      const answers = [await post('/jobs', job), await get(query)];
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(internal);
      return instance;
    };
    await postgres.pool.query('ALTER TABLE jobs RENAME TO jobs_away');
    await fail(500);
    await postgres.pool.query('ALTER TABLE jobs_away RENAME TO jobs');
    await postgres.pool.query('ALTER TABLE jobs ADD CONSTRAINT nothing_more CHECK (false) NOT VALID');
    const { status, body } = await post('/jobs', job);
    expect([status, JSON.stringify(body).match(internal)]).toEqual([500, null]);
    await postgres.pool.query('ALTER TABLE jobs DROP CONSTRAINT nothing_more');
    const under = Array.from({ length: 20 }, () => submit(job).catch(() => undefined));
    await postgres.restart('SIGQUIT');
    await Promise.all(under);
    await eventually(async () => submit(job), 30_000);
  });

  test('is in no log, metric, trace, report or answer, and not in what the database shows of itself', async () => {
    const { rows } = await postgres.pool.query('SELECT query, application_name FROM pg_stat_activity');
    const told: Record<string, string> = {
      'the metrics of the API': await (await fetch(`${api.ready}/metrics`, { headers: key })).text(),
      'the metrics of the worker': await (await fetch(`${workerUrl}/metrics`)).text(),
      'the health of the API': await (await fetch(`${api.ready}/health`)).text(),
      'the sessions of the database': JSON.stringify(rows),
      "the database's log": await readFile(join(dirname(postgres.folder), 'server.log'), 'utf8'),
      'what was refused': refusals.join('\n'),
    };
    expect([await api.stop(), await worker.stop()]).toEqual([0, 0]);
    told['the log of the API'] = api.output();
    told['the log of the worker'] = worker.output();
    told['the traces'] = otlp.bytes.toString('latin1');
    told['the reports of faults'] = peer.requests
      .filter(({ url }) => url.startsWith('/api/'))
      .map(({ body }) => body)
      .join('\n');
    for (const [where, text] of Object.entries(told)) {
      expect([where, text.length > 50]).toEqual([where, true]);
      for (const [what, secret] of Object.entries(planted)) {
        // Its own key is how Sentry knows who sends.
        if (what === 'SENTRY_DSN' && where === 'the reports of faults') continue;
        const at = text.indexOf(secret);
        const around = at < 0 ? 'nothing' : text.slice(Math.max(0, at - 300), at + 100);
        expect(`${what} in ${where}: ${around}`).toBe(`${what} in ${where}: nothing`);
      }
    }
  });
});
