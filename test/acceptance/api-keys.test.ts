import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiKeys } from '../../src/auth/index.js';
import { eventually } from '../support/eventually.js';
import { KEYS_ONLY, showing, startLockedApp } from '../support/keys.js';
import { startProduct } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';
import type { App } from '../support/start-app.js';

/** Within this time (ms) a revoked key is refused everywhere. */
const NOTICED_MS = 5_000;

describe('API keys', () => {
  let app: App;
  let keys: ApiKeys;
  let admin: Record<string, string>;
  beforeAll(async () => {
    const locked = await startLockedApp('api_keys');
    ({ app, keys } = locked);
    admin = await locked.allowed('admin');
  });
  afterAll(() => app?.stop());

  const make = async (body: object) => (await app.client.post('/keys', body, admin)).body;
  const statusWith = async (headers: Record<string, string>) =>
    (await app.client.get('/jobs', headers)).status;

  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['no key', { Authorization: 'Bearer' }],
    ['another scheme', { Authorization: 'Basic cmg6cmg=' }],
    ['what is no key', showing('secret')],
    ['a key in another header', { 'X-Api-Key': 'rh_1' }],
  ])('without one nothing is answered: %s', async (_what, headers) => {
    const { status, headers: sent, body } = await app.client.get('/jobs', headers);
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(body.detail).toContain('Authorization: Bearer rh_');
    expect(sent.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('in the address is not looked at', async () => {
    const { key } = await make({ name: 'address', scopes: ['jobs:read'] });
    for (const name of ['access_token', 'api_key', 'key', 'token'])
      expect([name, (await app.client.get(`/jobs?${name}=${key}`)).status]).toEqual([name, 401]);
    expect(await statusWith(showing(key))).toBe(200);
  });

  test('is shown once, and nowhere again', async () => {
    const answer = await app.client.post('/keys', { name: 'shop', scopes: ['jobs:read'] }, admin);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { key, ...rest } = answer.body;
    expect(rest).toMatchObject({ name: 'shop', scopes: ['jobs:read'], state: 'active', last_used_at: null });
    expect(rest.created_by).toMatch(/^key:[0-9a-f-]{36}$/);
    expect(await statusWith(showing(key))).toBe(200);
    const { body } = await app.client.get(answer.headers.get('location')!, admin);
    expect(JSON.stringify(body)).not.toContain(key.slice(26, -6));
    const { rows } = await app.database.pool.query('SELECT to_jsonb(k) AS row FROM api_keys k');
    expect(JSON.stringify(rows)).not.toContain(key.slice(26, -6));
    expect(app.api.output()).not.toContain(key.slice(26, -6));
  });

  test('is noted when it is used', async () => {
    const { key, key_id: id } = await make({ name: 'used', scopes: ['jobs:read'] });
    await statusWith(showing(key));
    await eventually(async () => {
      const { body } = await app.client.get(`/keys/${id}`, admin);
      expect(body.last_used_at).toMatch(/Z$/);
      return true;
    });
  });

  test('is refused by every process within five seconds of its revocation', async () => {
    const other = await startProduct('api', app.database.url, KEYS_ONLY);
    const { key, key_id: id } = await make({ name: 'leaked', scopes: ['jobs:read'] });
    const status = async () => (await fetch(`${other.ready}/jobs`, { headers: showing(key) })).status;
    expect([await statusWith(showing(key)), await status()]).toEqual([200, 200]);
    expect((await app.client.send('DELETE', `/keys/${id}`, undefined, admin)).status).toBe(204);
    await eventually(async () => {
      expect([await statusWith(showing(key)), await status()]).toEqual([401, 401]);
      return true;
    }, NOTICED_MS);
    await other.stop();
    const { body } = await app.client.get('/jobs', showing(key));
    expect(body.detail).toContain('revoked');
    expect((await app.client.get(`/keys/${id}`, admin)).body.state).toBe('revoked');
    const again = await app.client.post(`/keys/${id}/rotate`, undefined, admin);
    expect([again.status, again.body.code, again.body.state]).toEqual([409, 'key_state_conflict', 'revoked']);
  });

  test('is exchanged without a gap', async () => {
    const { key: old, key_id: id } = await make({ name: 'rotated', scopes: ['jobs:read'] });
    expect(await statusWith(showing(old))).toBe(200);
    const { body } = await app.client.post(`/keys/${id}/rotate`, { keep_old_for: 3_600 }, admin);
    expect(body.key_id).toBe(id);
    expect(body.old_key_expires_at).toMatch(/Z$/);
    // At once, though the key was looked up a moment ago.
    expect(await Promise.all([body.key, old].map((token) => statusWith(showing(token))))).toEqual([200, 200]);
    const last = await app.client.post(`/keys/${id}/rotate`, { keep_old_for: 0 }, admin);
    await eventually(async () => {
      const tokens = [old, body.key, last.body.key];
      expect(await Promise.all(tokens.map((token) => statusWith(showing(token))))).toEqual([401, 401, 200]);
      return true;
    }, NOTICED_MS);
  });

  test('expires', async () => {
    const refused = await app.client.post(
      '/keys',
      { name: 'late', scopes: ['jobs:read'], expires_at: '2020-01-01T00:00:00Z' },
      admin,
    );
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/expires_at']);
    const { key, key_id: id } = await make({
      name: 'brief',
      scopes: ['jobs:read'],
      expires_at: '2099-01-01T00:00:00Z',
    });
    expect(await statusWith(showing(key))).toBe(200);
    await app.database.pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [id]);
    await eventually(async () => (await statusWith(showing(key))) === 401, NOTICED_MS);
    expect((await app.client.get('/jobs', showing(key))).body.detail).toContain('expired');
  });

  test('carries its id into what it does', async () => {
    const { key, key_id: id } = await make({ name: 'author', scopes: ['jobs:submit', 'queues:admin'] });
    const { body } = await app.client.post('/jobs', { payload: {}, idempotency_key: 'once' }, showing(key));
    const { rows } = await app.database.pool.query('SELECT created_by FROM jobs WHERE id = $1', [
      body.job_id,
    ]);
    expect(rows).toEqual([{ created_by: `key:${id}` }]);
    const paused = await app.client.post('/queues/default/pause', {}, showing(key));
    expect(JSON.stringify(paused.body)).toContain(`key:${id}`);
    // An idempotency key belongs to whoever uses it.
    const stranger = await make({ name: 'stranger', scopes: ['jobs:submit'] });
    const other = await app.client.post(
      '/jobs',
      { payload: {}, idempotency_key: 'once' },
      showing(stranger.key),
    );
    expect([other.status, other.body.job_id === body.job_id]).toEqual([201, false]);
  });

  test('are listed, the newest first, page by page', async () => {
    const { body: first } = await app.client.get('/keys?limit=2', admin);
    expect(first.keys).toHaveLength(2);
    const { body: second } = await app.client.get(`/keys?limit=2&cursor=${first.next_cursor}`, admin);
    const ids = [...first.keys, ...second.keys].map(({ key_id }: { key_id: string }) => key_id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(new Set(ids).size).toBe(4);
  });

  test('tell in their faults what would be right', async () => {
    const { status, body } = await app.client.post('/keys', { name: 'x', scopes: ['jobs:raed'] }, admin);
    expect([status, body.errors[0].pointer]).toEqual([422, '/scopes']);
    expect(body.detail).toContain('Did you mean "jobs:read"?');
    const nobody = await app.client.get('/keys/0', admin);
    expect([nobody.status, nobody.body.code]).toEqual([404, 'key_not_found']);
  });

  test('are made, listed, rotated and revoked on the command line', async () => {
    const made = await roundhouse('create', 'first', '--scopes', 'jobs:read@default,jobs:submit', '--json');
    expect(made.code).toBe(0);
    const { key, token } = JSON.parse(made.output);
    expect(key).toMatchObject({ scopes: ['jobs:read@default', 'jobs:submit'], createdBy: 'command line' });
    expect((await app.client.post('/jobs', { payload: {} }, showing(token))).status).toBe(201);
    expect((await roundhouse('list')).output).toContain(
      `${key.id}  active  first  jobs:read@default,jobs:submit`,
    );
    const rotated = await roundhouse('rotate', key.id, '--keep', '0');
    const [other = ''] = rotated.output.split('\n');
    expect(rotated.output).toContain('shown this once');
    expect(rotated.output).not.toContain('The one before');
    expect((await roundhouse('rotate', key.id)).output).toMatch(
      /The one before it is accepted until \d{4}-.*Z\.$/m,
    );
    await eventually(async () => {
      expect((await app.client.post('/jobs', { payload: {} }, showing(other))).status).toBe(201);
      return true;
    });
    expect((await roundhouse('revoke', key.id)).output).toContain('revoked');
    expect((await keys.get(key.id)).state).toBe('revoked');
  });

  test.each([
    [[], 'Say what to do'],
    [['create', 'x'], 'Say with --scopes'],
    [['create', 'x', '--scopes', 'jobs:raed'], 'Did you mean "jobs:read"?'],
    [['create', 'x', '--scopes', 'admin', '--expires', 'soon'], 'such as 2030-01-31'],
    [['create', 'x', '--scopes', 'admin', '--expires', '2020-01-01T00:00:00Z'], 'in the future'],
    [['rotate', 'x', '--keep', 'long'], 'whole number of seconds'],
    [['revoke', 'x'], 'There is no API key "x"'],
  ])('on the command line, %j is answered with what is missing', async (args, sentence) => {
    const { code, output } = await roundhouse(...args);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
  });

  async function roundhouse(...args: string[]) {
    const program = RunningProgram.node(['dist/src/cli/main.js', 'keys', ...args], {
      DATABASE_URL: app.database.url,
      ...KEYS_ONLY,
    });
    const { code } = await program.exited;
    return { code, output: program.output };
  }
});

describe('an API for other machines', () => {
  test('is not started without a key, and says how to make one', async () => {
    const { app, allowed } = await startLockedApp('api_keys_first');
    const start = () =>
      startProduct('api', app.database.url, { ...KEYS_ONLY, HOST: '0.0.0.0', AUTH_MODE: '' });
    await expect(start()).rejects.toThrow(/ended with 78[^]*roundhouse keys create/);
    const admin = await allowed('admin');
    const api = await start();
    const url = `http://127.0.0.1:${new URL(api.ready).port}`;
    expect((await fetch(`${url}/jobs`)).status).toBe(401);
    expect((await fetch(`${url}/jobs`, { headers: admin })).status).toBe(200);
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect((await fetch(url + path)).status).not.toBe(401);
    expect(await (await fetch(`${url}/overview.json`)).json()).toMatchObject({
      waiting: null,
      running: null,
    });
    await api.stop();
    await app.stop();
  });
});
