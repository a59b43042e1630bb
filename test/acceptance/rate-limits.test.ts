import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';
import { KEYS_ONLY, showing, startLockedApp } from '../support/keys.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import type { App } from '../support/start-app.js';

type Headers = Record<string, string>;

/** Few enough to reach, and none comes back while a test runs. */
const MOST = 20;
const LIMITED = { ...KEYS_ONLY, HTTP_RATE_LIMIT: `${MOST}/day` };

describe('the rate limit of a client', () => {
  let app: App;
  let allowed: (...scopes: string[]) => Promise<Headers>;
  const started: ProductProcess[] = [];
  beforeAll(async () => {
    ({ app, allowed } = await startLockedApp('rate_limits'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((api) => api.stop()));
  });
  afterAll(() => app?.stop());

  /** A process whose buckets are full. */
  const fresh = async (environment: Record<string, string> = {}) => {
    const api = await startProduct('api', app.database.url, { ...LIMITED, ...environment });
    started.push(api);
    return async (headers: Headers = {}, path = '/jobs?limit=1', init: RequestInit = {}) => {
      const answer = await fetch(api.ready + path, { ...init, headers });
      const text = await answer.text();
      const body = text.startsWith('{') ? JSON.parse(text) : text;
      return { status: answer.status, headers: answer.headers, body } as Answer;
    };
  };
  const statuses = async (send: () => Promise<Answer>, times: number) =>
    (await Promise.all(Array.from({ length: times }, send))).map(({ status }) => status);
  const count = (all: number[], wanted: number) => all.filter((status) => status === wanted).length;

  test('is told with each answer, and after it nothing but when to come back', async () => {
    const send = await fresh();
    const key = await allowed('jobs:read');
    const first = await send(key);
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([200, '"default";q=20;w=86400']);
    expect(first.headers.get('ratelimit')).toBe('"default";r=19;t=4320');
    await statuses(() => send(key), MOST - 1);
    const refused = await send(key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"default";r=0;t=43\d\d$/);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(4_300);
    expect(seconds).toBeLessThanOrEqual(4_320);
    expect(refused.body).toMatchObject({ code: 'rate_limited', title: 'Too many requests' });
    expect(refused.body.detail).toContain(`${seconds} s`);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  test('comes back with time', async () => {
    const send = await fresh({ HTTP_RATE_LIMIT: '2/second' });
    const key = await allowed('jobs:read');
    await eventually(async () => (await send(key)).status === 429);
    await eventually(async () => (await send(key)).status === 200, 5_000);
  });

  test('is its own, wherever it calls from, and holds whatever it asks for, or brings', async () => {
    const send = await fresh({ TRUST_PROXY: '127.0.0.1' });
    const [one, other] = [await allowed('jobs:read'), await allowed('jobs:read')];
    const paths = ['/jobs', '/nothing', '/keys', '/queues/x'];
    for (let place = 0; place < MOST; place++)
      expect(
        (await send({ ...one, 'X-Forwarded-For': `203.0.113.${place}` }, paths[place % 4])).status,
      ).not.toBe(429);
    expect((await send({ ...one, 'X-Forwarded-For': '203.0.113.99' })).status).toBe(429);
    const large = { method: 'POST', body: JSON.stringify({ payload: 'x'.repeat(100_000) }) };
    expect((await send({ ...one, 'Content-Type': 'application/json' }, '/jobs', large)).status).toBe(429);
    expect((await send(other)).status).toBe(200);
  });

  test('counts a batch of a thousand jobs once', async () => {
    const send = await fresh();
    const key = { ...(await allowed('jobs:submit')), 'Content-Type': 'application/json' };
    const jobs = Array.from({ length: 1_000 }, () => ({ payload: {} }));
    const batch = { method: 'POST', body: JSON.stringify({ jobs }) };
    const answer = await send(key, '/jobs/batch', batch);
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([201, '"default";r=19;t=4320']);
  });

  test('never holds up probes and scrapes', async () => {
    const send = await fresh();
    const admin = await allowed('admin');
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      const all = await Promise.all(Array.from({ length: 2 * MOST }, () => send(admin, path)));
      expect(
        count(
          all.map(({ status }) => status),
          429,
        ),
      ).toBe(0);
      expect(all.some(({ headers }) => headers.has('ratelimit'))).toBe(false);
    }
  });

  describe('of strangers', () => {
    const guess = () => showing(`rh_${'0'.repeat(22)}_${'0'.repeat(49)}`);

    test('is that of their address, with all the keys that they make up together', async () => {
      const send = await fresh();
      let number = 0;
      const all = await statuses(
        () => send((number += 1) % 2 ? showing(`made up ${number}`) : guess()),
        3 * MOST,
      );
      expect([count(all, 401), count(all, 429)]).toEqual([MOST, 2 * MOST]);
    });

    test('cannot be dodged by naming other addresses', async () => {
      const send = await fresh();
      let number = 0;
      const all = await statuses(() => send({ 'X-Forwarded-For': `198.51.100.${(number += 1)}` }), 2 * MOST);
      expect(count(all, 429)).toBe(MOST);
    });

    test('of one IPv6 network is that of all its addresses, behind a proxy that is trusted', async () => {
      const send = await fresh({ TRUST_PROXY: '127.0.0.0/8' });
      let number = 0;
      const from = (network: string) => () =>
        send({ 'X-Forwarded-For': `${network}::${(number += 1).toString(16)}` });
      expect(count(await statuses(from('2001:db8:1:1'), 2 * MOST), 429)).toBe(MOST);
      expect(count(await statuses(from('2001:db8:1:2'), MOST), 429)).toBe(0);
    });

    test('does not hold up callers behind the same address who were known before', async () => {
      const send = await fresh();
      const [known, unknown] = [await allowed('jobs:read'), await allowed('jobs:read')];
      expect((await send(known)).status).toBe(200);
      await statuses(() => send(guess()), 2 * MOST);
      expect((await send(guess())).status).toBe(429);
      expect((await send(unknown)).status).toBe(429);
      expect((await send(known)).status).toBe(200);
    });

    test('is not used up by callers who turn out to be known', async () => {
      const send = await fresh();
      const keys = await Promise.all(Array.from({ length: 2 * MOST }, () => allowed('jobs:read')));
      for (const key of keys) expect((await send(key)).status).toBe(200);
      const all = await statuses(() => send(), MOST + 1);
      expect([count(all, 401), count(all, 429)]).toEqual([MOST, 1]);
    });

    test('is also that of whoever has a key that was revoked', async () => {
      const most = 300;
      const send = await fresh({ HTTP_RATE_LIMIT: `${most}/day` });
      const admin = await allowed('admin');
      const { body } = await app.client.post('/keys', { name: 'leaked', scopes: ['jobs:read'] }, admin);
      const remaining = async () =>
        /r=(\d+)/.exec((await send(showing(body.key))).headers.get('ratelimit')!)![1];
      expect(await remaining()).toBe('299');
      await app.client.send('DELETE', `/keys/${body.key_id}`, undefined, admin);
      await eventually(async () => (await send(showing(body.key))).status === 401);
      // The first that was refused counts by its address too, and so does this one.
      expect(await remaining()).toBe('298');
      expect(count(await statuses(() => send(), most), 429)).toBe(2);
    });

    test('makes the database be asked no more often than that', async () => {
      const send = await fresh();
      const asked = async () => {
        const { rows } = await app.database.pool.query<{ scans: string }>(
          `SELECT pg_stat_force_next_flush(), idx_scan + seq_scan AS scans FROM pg_stat_user_tables WHERE relname = 'api_keys'`,
        );
        return Number(rows[0]!.scans);
      };
      const before = await asked();
      await statuses(() => send(guess()), 200);
      await eventually(async () => (await send(guess())).status === 429);
      expect((await asked()) - before).toBeLessThanOrEqual(3 * MOST);
    });
  });

  test('is that of the address where everybody may call', async () => {
    const send = await fresh({ AUTH_MODE: 'open' });
    const all = await statuses(() => send(showing('whatever')), 2 * MOST);
    expect([count(all, 200), count(all, 429)]).toEqual([MOST, MOST]);
  });

  test('is off on loopback', async () => {
    const answer = await app.client.get('/jobs', await allowed('jobs:read'));
    expect([answer.status, answer.headers.has('ratelimit-policy')]).toEqual([200, false]);
  });
});
