import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.js';
import { AUDIENCE, Issuer, QUEUE_SCOPE, newSigningKey } from '../support/issuer.js';
import { showing } from '../support/keys.js';
import { type ProductProcess, errorsIn, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const now = () => Math.floor(Date.now() / 1000);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens of an issuer', () => {
  let issuer: Issuer;
  let app: App;
  beforeAll(async () => {
    issuer = await Issuer.start();
    app = await startApp('access_tokens', { workers: 0, environment: issuer.environment });
  });
  afterAll(async () => {
    await app?.stop();
    await issuer?.stop();
  });
  afterEach(async () => {
    issuer.answer = undefined;
    await Promise.all(others.splice(0).map((process) => process.stop()));
  });

  /** Processes of single tests: each asks the issuer for itself. */
  const others: ProductProcess[] = [];
  /** Another API, and what it answers to whoever shows a token. */
  const another = async (environment: Record<string, string> = {}) => {
    const api = await startProduct('api', app.database.url, { ...issuer.environment, ...environment });
    others.push(api);
    const url = `http://127.0.0.1:${new URL(api.ready).port}/jobs`;
    const answerTo = (token: string) => fetch(url, { headers: showing(token) });
    return { api, answerTo, statusWith: async (token: string) => (await answerTo(token)).status };
  };
  const reading = async (token: string) => (await app.client.get('/jobs', showing(token))).status;

  test('let their holder do what their scopes say', async () => {
    const token = await issuer.token('jobs:read');
    expect(await reading(token)).toBe(200);
    const refused = await app.client.post('/jobs', { payload: {} }, showing(token));
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const both = await issuer.token('jobs:read jobs:submit');
    const { status, body } = await app.client.post('/jobs', { payload: {} }, showing(both));
    expect(status).toBe(201);
    const { rows } = await app.database.pool.query('SELECT created_by FROM jobs WHERE id = $1', [
      body.job_id,
    ]);
    expect(rows).toEqual([{ created_by: 'oidc:shop' }]);
  });

  test('may be for a single queue', async () => {
    const token = showing(await issuer.token(QUEUE_SCOPE));
    const statusFor = async (queue?: string) =>
      (await app.client.post('/jobs', { payload: {}, queue }, token)).status;
    expect([await statusFor('mine'), await statusFor('foreign'), await statusFor()]).toEqual([201, 403, 403]);
    expect((await app.client.get('/jobs', token)).status).toBe(403);
  });

  test.each([[['jobs:read', 'more']], ['jobs:read'], ['  x jobs:read ']])(
    'list scopes as %j',
    async (scope) => {
      expect(await reading(await issuer.sign({ scope }))).toBe(200);
    },
  );

  test.each([
    [{ 'jobs:read': true }],
    [null],
    [''],
    [7],
    [['jobs:read@']],
    [[['jobs:read']]],
    ['jobs:readjobs:submit'],
  ])('allow nothing with the scopes %j', async (scope) => {
    expect(await reading(await issuer.sign({ scope }))).toBe(403);
  });

  test('are accepted beside API keys, of which there need not be any', async () => {
    const { statusWith } = await another({ HOST: '0.0.0.0' });
    expect([await statusWith(await issuer.token('jobs:read')), await statusWith('rh_1')]).toEqual([200, 401]);
  });

  test('are read by what is loaded where an issuer is set, and nowhere else', async () => {
    const witness = fileURLToPath(new URL('../support/loaded-telemetry.mjs', import.meta.url));
    const witnessed = { NODE_OPTIONS: `--import=${witness}` };
    const { api, statusWith } = await another(witnessed);
    expect(await statusWith(await issuer.token('jobs:read'))).toBe(200);
    await api.says('Loaded jose');
    const without = await another({ ...witnessed, OIDC_ISSUER: '', OIDC_AUDIENCE: '' });
    const answer = await without.answerTo(await issuer.token('jobs:read'));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(without.api.output()).not.toContain('Loaded jose');
  });

  test.each(['PS256', 'ES256', 'EdDSA', 'RS256'])('may be signed with %s, also from now on', async (alg) => {
    await issuer.rotate(randomUUID(), alg);
    // Each process asks once for a key that it does not know, and then not again for half a minute.
    const { statusWith } = await another();
    expect(await statusWith(await issuer.token('jobs:read'))).toBe(200);
    expect(
      await statusWith(await issuer.sign({}, { alg: 'RS256' }, (await newSigningKey('x')).privateKey)),
    ).toBe(401);
    if (alg !== 'EdDSA')
      expect(await statusWith(await issuer.sign({}, { alg, kid: 'first' }, issuer.key.privateKey))).toBe(401);
  });

  describe('that are none', () => {
    const attacks: [string, () => Promise<string> | string][] = [
      ['not signed', () => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${claims()}.`],
      [
        'not signed, under another spelling',
        () => `${encoded({ alg: 'nOnE', typ: 'at+jwt', kid: kid() })}.${claims()}.`,
      ],
      ['signed with nothing', () => `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: kid() })}.${claims()}.`],
      [
        'signed with the public key as a shared secret',
        async () => issuer.sign({}, { alg: 'HS256' }, await publicPem()),
      ],
      [
        'signed with the published key as a shared secret',
        () => issuer.sign({}, { alg: 'HS256' }, Buffer.from(issuer.key.publicJwk.n!, 'base64url')),
      ],
      ['of another issuer', () => issuer.sign({ iss: 'https://issuer.example' })],
      ['of an issuer with a slash more', () => issuer.sign({ iss: `${issuer.url}/` })],
      ['of several issuers', () => issuer.sign({ iss: [issuer.url] })],
      ['of no issuer', () => issuer.sign({ iss: undefined })],
      ['for somebody else', () => issuer.sign({ aud: 'https://mail.example' })],
      ['for somebody of a similar name', () => issuer.sign({ aud: `${AUDIENCE}.evil` })],
      ['for nobody', () => issuer.sign({ aud: undefined })],
      ['for an empty list', () => issuer.sign({ aud: [] })],
      ['expired', () => issuer.sign({ iat: now() - 600, exp: now() - 31 })],
      ['not good yet', () => issuer.sign({ nbf: now() + 60 })],
      ['made in the future', () => issuer.sign({ iat: now() + 120, exp: now() + 600 })],
      ['good for ever', () => issuer.sign({ exp: undefined })],
      ['good for ten years', () => issuer.sign({ exp: now() + 315_360_000 })],
      ['made before time', () => issuer.sign({ iat: undefined })],
      ['made ten years ago and good until now', () => issuer.sign({ iat: now() - 315_360_000 })],
      ['good until a word', () => issuer.sign({ exp: 'tomorrow' as never })],
      [
        'good until a number that is none',
        () => signedText(`${JSON.stringify(claimSet()).slice(0, -1)},"exp":1e999}`),
      ],
      [
        'signed by somebody else with the right name of the key',
        async () => issuer.sign({}, {}, (await newSigningKey('x')).privateKey),
      ],
      [
        'with a key of its own',
        async () => {
          const own = await newSigningKey('own');
          return issuer.sign({}, { jwk: own.publicJwk, kid: 'own' }, own.privateKey);
        },
      ],
      ['for a key of a path', () => issuer.sign({}, { kid: '../../../../dev/null' })],
      ['for a key of an address', () => issuer.sign({}, { kid: `${issuer.url}/keys` })],
      ['for a key of a statement', () => issuer.sign({}, { kid: "' OR 1=1 --" })],
      ['for a key that is no text', () => issuer.sign({}, { kid: 7 })],
      ['an ID token', () => issuer.sign({ nonce: 'n', at_hash: 'h' }, { typ: 'JWT' })],
      ['an ID token in the dress of an access token', () => issuer.sign({ at_hash: 'h' })],
      ['a token to get tokens with', () => issuer.sign({ typ: 'Refresh' })],
      ['of no type', () => issuer.sign({}, { typ: undefined })],
      ['bound to a key of its holder', () => issuer.sign({ cnf: { jkt: 'x' } })],
      ['of nobody', () => issuer.sign({ sub: undefined })],
      ['of somebody without a name', () => issuer.sign({ sub: '' })],
      ['of a list', () => issuer.sign({ sub: ['shop'] as never })],
      [
        'marked with what must be understood',
        () =>
          issuer
            .sign({}, { crit: ['exp'], exp: 1 })
            .catch(
              () =>
                `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: kid(), crit: ['exp'], exp: 1 })}.${claims()}.AAAA`,
            ),
      ],
      ['changed on the way', async () => changed(await issuer.sign())],
      ['encrypted', () => `${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AA.AA.AA.AA`],
      ['of four parts', async () => `${await issuer.sign()}.AA`],
      ['two dots', () => 'a.b.c'],
      ['no JSON', () => `${Buffer.from('{').toString('base64url')}.${claims()}.AAAA`],
      ['a list', () => `${encoded([])}.${encoded([])}.AAAA`],
      [
        'nested too deeply',
        () => `${encoded({ alg: 'RS256' })}.${Buffer.from('['.repeat(3_000)).toString('base64url')}.AAAA`,
      ],
    ];

    test('are no different from one that is', async () => {
      expect(await reading(await issuer.sign())).toBe(200);
    });

    test.each(attacks)('are refused: %s', async (_what, token) => {
      const { status, body, headers } = await app.client.get('/jobs', showing(await token()));
      expect([status, body.code]).toEqual([401, 'unauthenticated']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(errorsIn(app.api.output())).toEqual([]);
    });

    test('make nobody ask another address', async () => {
      const other = await Issuer.start();
      const key = await newSigningKey('theirs');
      other.answer = (_request, response) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key.publicJwk] }));
      for (const header of [
        { jku: `${other.url}/keys` },
        { x5u: `${other.url}/cert` },
        { jku: `${other.url}/keys`, kid: 'theirs' },
      ])
        expect(await reading(await issuer.sign({}, header, key.privateKey))).toBe(401);
      expect(await reading(await issuer.sign({ iss: other.url }, { kid: 'theirs' }, key.privateKey))).toBe(
        401,
      );
      expect(other.asked).toEqual([]);
      await other.stop();
    });

    test('are refused for their size before anybody reads them', async () => {
      const { status } = await app.client.get(
        '/jobs',
        showing(await issuer.sign({ padding: 'x'.repeat(20_000) })),
      );
      expect(status).toBe(431);
    });

    test('leave no trace of themselves in the log', async () => {
      const token = await issuer.sign({ aud: 'nobody' });
      await reading(token);
      expect(app.api.output()).not.toContain(token.split('.')[1]);
    });
  });

  const kid = () => issuer.key.publicJwk.kid!;
  const claims = () => encoded(claimSet());
  const claimSet = () => ({
    iss: issuer.url,
    aud: AUDIENCE,
    sub: 'shop',
    iat: now(),
    exp: now() + 600,
    scope: 'admin',
  });
  const publicPem = async () =>
    Buffer.from(await exportSPKI((await importJWK(issuer.key.publicJwk, 'RS256')) as CryptoKey));
  const changed = (token: string) => {
    const [header, , signature] = token.split('.');
    return `${header}.${claims()}.${signature}`;
  };
  const signedText = async (text: string) => {
    const head = `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: kid() })}.${Buffer.from(text).toString('base64url')}`;
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', issuer.key.privateKey, Buffer.from(head));
    return `${head}.${Buffer.from(signature).toString('base64url')}`;
  };

  test('go on with a key of which the issuer has changed, and made-up keys do not make us ask on and on', async () => {
    const { statusWith } = await another();
    expect(await statusWith(await issuer.token('jobs:read'))).toBe(200);
    await issuer.rotate('second');
    expect(await statusWith(await issuer.token('jobs:read'))).toBe(200);
    issuer.asked.length = 0;
    const made = await Promise.all(Array.from({ length: 40 }, () => issuer.sign({}, { kid: randomUUID() })));
    expect(new Set(await Promise.all(made.map(statusWith)))).toEqual(new Set([401]));
    expect(issuer.asked).toEqual([]);
    expect(await statusWith(await issuer.token('jobs:read'))).toBe(200);
  });

  test('are good while their issuer is away, if their key is known, and else it is said that nobody can tell', async () => {
    const known = await issuer.token('jobs:read');
    const before = await another();
    expect(await before.statusWith(known)).toBe(200);
    issuer.answer = (_request, response) => response.destroy();
    const { api, answerTo, statusWith } = await another();
    await eventually(() => api.output().includes('The keys of OIDC_ISSUER cannot be read'));
    const answer = await answerTo(known);
    const problem = (await answer.json()) as { code: string };
    expect([answer.status, problem.code]).toEqual([503, 'issuer_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await before.statusWith(known)).toBe(200);
    issuer.answer = undefined;
    await eventually(async () => (await statusWith(known)) === 200, 20_000);
  });
});
