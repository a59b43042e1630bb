import { connect } from 'node:net';
import type { ApiKeys } from '../../src/auth/index.js';
import { EventSource } from '../support/event-source.js';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { KEYS_ONLY, showing, startLockedApp } from '../support/keys.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import type { App } from '../support/start-app.js';

/** Within this time (ms) a caller whose key is gone is not served any more, with some patience for a busy machine. */
const NOTICED_MS = 5_000;
const PATIENCE_MS = 3_000;

const LONG = 3_600;
const MOST = 3;

type Headers = Record<string, string>;

describe('a request that is held', () => {
  let app: App;
  let keys: ApiKeys;
  let other: ProductProcess;
  let client: Client;
  let admin: Headers;
  let jobId: string;
  const opened: EventSource[] = [];
  beforeAll(async () => {
    const locked = await startLockedApp('held_requests');
    ({ app, keys } = locked);
    admin = await locked.allowed('admin');
    other = await startProduct('api', app.database.url, { ...KEYS_ONLY, HTTP_MAX_HELD: String(MOST) });
    client = new Client(other.ready);
    const { body } = await app.client.post('/jobs', { payload: {}, schedule_in: LONG }, admin);
    jobId = body.job_id;
  });
  afterEach(() => {
    for (const source of opened.splice(0)) source.close();
  });
  afterAll(async () => {
    await other?.stop();
    await app?.stop();
  });

  const make = async (expiresAt: Date | null = null, scopes = ['jobs:read', 'jobs:submit', 'leases']) => {
    const { key, token } = await keys.create({ name: 'held', scopes, expiresAt }, 'test');
    return { id: key.id, token, headers: showing(token) };
  };
  const follow = async (headers: Headers) => {
    const source = await EventSource.open(`${other.ready}/jobs/${jobId}/events`, headers);
    opened.push(source);
    if (source.status === 200) await source.heard('submitted');
    return source;
  };
  const poll = (headers: Headers, wait = 30, name = 'anyone', of = client) =>
    of.post('/leases', { queues: ['leased'], worker_id: name, wait }, headers);
  /** Resolves when this worker's request has arrived. */
  const hasArrived = (name: string) =>
    eventually(async () => {
      const { rows } = await app.database.pool.query('SELECT 1 FROM workers WHERE hostname = $1', [name]);
      return rows.length === 1;
    });
  const waitFor = (headers: Headers) => client.get(`/jobs/${jobId}`, { ...headers, Prefer: 'wait=60' });
  const timed = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
    const startedAt = performance.now();
    return [await work, performance.now() - startedAt];
  };
  const external = async () => {
    const declared = { description: 'For tests.', queue: 'leased' };
    await app.client.send('PUT', '/job-types/held', JSON.stringify(declared), admin);
  };

  /** All kinds of waiting, begun under a key. */
  const held = async ({ id, headers }: { id: string; headers: Headers }) => {
    const source = await follow(headers);
    const result = waitFor(headers);
    const lease = poll(headers, 30, id);
    await hasArrived(id);
    return { source, requests: [lease, result] };
  };

  test.each<[string, (key: { id: string }) => Promise<unknown>]>([
    ['is revoked', ({ id }) => app.client.send('DELETE', `/keys/${id}`, undefined, admin)],
    [
      'has expired',
      ({ id }) => app.database.pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [id]),
    ],
    [
      'was exchanged, and the old one is not kept',
      ({ id }) => app.client.post(`/keys/${id}/rotate`, { keep_old_for: 0 }, admin),
    ],
  ])('ends within five seconds of the moment when its key %s', async (_what, end) => {
    const [key, sound] = [await make(), await make()];
    const { source, requests } = await held(key);
    const bystander = await follow(sound.headers);
    await end(key);
    const [[lease, result], ms] = await timed(
      Promise.all([...requests, source.ended]).then(([first, second]) => [first!, second!] as const),
    );
    expect(ms).toBeLessThan(NOTICED_MS + PATIENCE_MS);
    expect([lease.status, lease.body]).toEqual([200, { leases: [] }]);
    expect([result.status, result.body.status]).toEqual([202, 'PENDING']);
    expect(source.events).toEqual(['submitted']);
    expect((await poll(key.headers)).status).toBe(401);
    expect(bystander.events).toEqual(['submitted']);
    const stillOpen = await Promise.race([bystander.ended.then(() => 'ended'), Promise.resolve('open')]);
    expect(stillOpen).toBe('open');
  });

  test('takes no job for a key that is gone', async () => {
    await external();
    const key = await make();
    const waiting = poll(key.headers, 30, key.id);
    await hasArrived(key.id);
    await app.client.send('DELETE', `/keys/${key.id}`, undefined, admin);
    expect((await waiting).body).toEqual({ leases: [] });
    const { body } = await app.client.post('/jobs', { type: 'held', payload: {} }, admin);
    const sound = await poll((await make()).headers);
    expect(sound.body.leases).toMatchObject([{ job: { job_id: body.job_id } }]);
  });

  test('is one of so many of its client, of each kind; others have places of their own', async () => {
    const [key, neighbour] = [await make(), await make()];
    const streams = await Promise.all(Array.from({ length: MOST }, () => follow(key.headers)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await client.get(`/jobs/${jobId}/events`, {
      ...key.headers,
      Accept: 'text/event-stream',
    });
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too_many_held',
      '5',
    ]);
    expect(refused.body.detail).toContain('3 event streams');
    expect((await follow(neighbour.headers)).status).toBe(200);

    const polls = Array.from({ length: MOST + 1 }, () => poll(key.headers, 3));
    const answers = await Promise.all(polls);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
    expect((await poll(key.headers, 0)).status).toBe(200);
  });

  test('frees its place when its client is gone, without a word or with one', async () => {
    const key = await make();
    for (let round = 0; round < 4; round++) {
      const streams = await eventually(async () => {
        const all = await Promise.all(Array.from({ length: MOST }, () => follow(key.headers)));
        if (all.every(({ status }) => status === 200)) return all;
        for (const source of all) source.close();
        return undefined;
      });
      for (const source of streams) source.close();
    }
    const { hostname, port } = new URL(other.ready);
    for (let round = 0; round < 4; round++) {
      const sockets = await Promise.all(
        Array.from({ length: MOST }, async (_, place) => {
          const name = `gone-${round}-${place}`;
          const socket = connect(Number(port), hostname);
          const body = JSON.stringify({ queues: ['leased'], worker_id: name, wait: 30 });
          socket.write(
            `POST /leases HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.headers.Authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          );
          await hasArrived(name);
          return socket;
        }),
      );
      expect((await poll(key.headers, 1)).status).toBe(429);
      for (const socket of sockets) socket.resetAndDestroy();
      await eventually(async () => (await poll(key.headers, 1)).status === 200);
    }
  });

  test('that waits for a result beyond its share is answered at once with the job as it is', async () => {
    const key = await make();
    let answered = 0;
    const waits = Array.from({ length: 10 }, async () => {
      const { status, body } = await waitFor(key.headers);
      expect([status, body.status]).toEqual([202, 'PENDING']);
      answered += 1;
    });
    await eventually(() => answered === 10 - MOST);
    const submitted = { payload: {}, schedule_in: LONG };
    const [accepted, quickly] = await timed(
      client.post('/jobs', submitted, { ...key.headers, Prefer: 'wait=60' }),
    );
    expect([accepted.status, accepted.body.status]).toEqual([202, 'PENDING']);
    expect(quickly).toBeLessThan(30_000);
    await app.client.send('DELETE', `/keys/${key.id}`, undefined, admin);
    await Promise.all(waits);
  });

  test('lasts as long as it may, though requests have to arrive within half a minute', async () => {
    const key = await make();
    const [[polled, pollMs], [waited, waitMs]] = await Promise.all([
      timed(poll(key.headers, 30)),
      timed(waitFor(key.headers)),
    ]);
    expect([polled.status, polled.body]).toEqual([200, { leases: [] }]);
    expect(pollMs).toBeGreaterThanOrEqual(30_000);
    expect([waited.status, waited.body.status]).toEqual([202, 'PENDING']);
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
  }, 120_000);

  test('is told that its stream is alive, and ends when the process stops', async () => {
    const api = await startProduct('api', app.database.url, KEYS_ONLY);
    const { headers } = await make();
    const source = await EventSource.open(`${api.ready}/jobs/${jobId}/events`, headers);
    opened.push(source);
    const own = new Client(api.ready);
    await eventually(() => source.text.includes(': heartbeat'), 20_000);
    const requests = [
      poll(headers, 30, 'stopping', own),
      own.get(`/jobs/${jobId}`, { ...headers, Prefer: 'wait=60' }),
    ];
    await hasArrived('stopping');
    const [code, ms] = await timed(api.stop('SIGTERM'));
    expect(code).toBe(0);
    expect(ms).toBeLessThan(20_000);
    const [lease, result] = await Promise.all(requests);
    expect([lease!.status, result!.status]).toEqual([200, 202]);
    await source.ended.catch(() => undefined);
  });
});
