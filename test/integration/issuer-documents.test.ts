import { gzipSync } from 'node:zlib';
import { fetchKeys } from '../../src/auth/oidc/issuer-documents.js';
import { type HttpPeer, type Route, startHttpPeer, writeForEver } from '../support/http-peer.js';

const KEYS = { keys: [{ kty: 'EC', kid: 'a' }] };
const DISCOVERY = '/.well-known/openid-configuration';

const json =
  (body: unknown, type = 'application/json'): Route =>
  (response) =>
    response.writeHead(200, { 'Content-Type': type }).end(JSON.stringify(body));

describe('the documents of an issuer', () => {
  let peer: HttpPeer;
  const routes: Record<string, Route> = {};
  beforeAll(async () => {
    peer = await startHttpPeer(routes);
  });
  beforeEach(() => {
    peer.requests.length = 0;
    routes[DISCOVERY] = (response, request) =>
      json({ issuer: peer.url, jwks_uri: `${peer.url}/keys` })(response, request);
    routes['/keys'] = json(KEYS);
  });
  afterAll(() => peer?.stop());

  const settings = (more: object = {}) => ({
    issuer: peer.url,
    audiences: ['a'],
    jwksUrl: undefined,
    scopeClaims: ['scope'],
    tokenType: 'at+jwt' as const,
    longestLifeSeconds: 3_600,
    ...more,
  });

  test('lead to its keys', async () => {
    expect(await fetchKeys(settings())).toEqual(KEYS);
    expect(peer.requests.map(({ url }) => url)).toEqual([DISCOVERY, '/keys']);
  });

  test('are not asked where the keys are when that is known', async () => {
    routes['/keys'] = json(KEYS, 'application/jwk-set+json; charset=utf-8');
    expect(await fetchKeys(settings({ jwksUrl: `${peer.url}/keys` }))).toEqual(KEYS);
    expect(peer.requests.map(({ url }) => url)).toEqual(['/keys']);
  });

  test.each<[string, () => Record<string, Route>, RegExp]>([
    [
      'of another issuer',
      () => ({ [DISCOVERY]: json({ issuer: 'https://a', jwks_uri: `${peer.url}/keys` }) }),
      /another issuer/,
    ],
    [
      'with a slash more',
      () => ({ [DISCOVERY]: json({ issuer: `${peer.url}/`, jwks_uri: `${peer.url}/keys` }) }),
      /another issuer/,
    ],
    ['without keys', () => ({ [DISCOVERY]: json({ issuer: peer.url }) }), /names no https/],
    [
      'with keys in a file',
      () => ({ [DISCOVERY]: json({ issuer: peer.url, jwks_uri: 'file:///etc/passwd' }) }),
      /names no https/,
    ],
    [
      'with keys elsewhere in the open',
      () => ({ [DISCOVERY]: json({ issuer: peer.url, jwks_uri: 'http://169.254.169.254/' }) }),
      /names no https/,
    ],
    [
      'with keys behind a password',
      () => ({ [DISCOVERY]: json({ issuer: peer.url, jwks_uri: 'https://a:b@c/' }) }),
      /names no https/,
    ],
    ['that are none', () => ({ [DISCOVERY]: json(null) }), /no JSON object/],
    [
      'that are not there',
      () => ({ [DISCOVERY]: (response) => response.writeHead(404).end() }),
      /answers 404/,
    ],
    ['in HTML', () => ({ '/keys': json(KEYS, 'text/html') }), /text\/html/],
    ['of no type', () => ({ '/keys': (response) => response.writeHead(200).end('{}') }), /no JSON/],
    [
      'that are broken',
      () => ({
        '/keys': (response) =>
          response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"keys":['),
      }),
      /no JSON object/,
    ],
    ['with an empty list', () => ({ '/keys': json({ keys: [] }) }), /no list of 1 to 100/],
    [
      'with too many keys',
      () => ({ '/keys': json({ keys: Array(101).fill(KEYS.keys[0]) }) }),
      /no list of 1 to 100/,
    ],
    ['with an object of keys', () => ({ '/keys': json({ keys: { length: 1 } }) }), /no list of 1 to 100/],
    [
      'that send us elsewhere',
      () => ({ '/keys': (response) => response.writeHead(302, { Location: '/other' }).end() }),
      /answers 302/,
    ],
    [
      'that never end',
      () => ({
        '/keys': (response) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          writeForEver(response, Buffer.alloc(65_536, ' '));
        },
      }),
      /more than 262144 bytes/,
    ],
    [
      'that unfold',
      () => ({
        '/keys': (response) => {
          const body = gzipSync(Buffer.alloc(50_000_000, ' '));
          response
            .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
            .end(body);
        },
      }),
      /more than 262144 bytes/,
    ],
    [
      'that are slow',
      () => ({
        '/keys': (response) => {
          response.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
        },
      }),
      /timeout|aborted/i,
    ],
    ['that never begin', () => ({ [DISCOVERY]: () => undefined }), /timeout|aborted/i],
    ['of a connection that breaks', () => ({ '/keys': (response) => response.destroy() }), /fetch failed/],
  ])('are refused: %s', async (_what, hostile, message) => {
    Object.assign(routes, hostile());
    const since = performance.now();
    await expect(fetchKeys(settings())).rejects.toThrow(message);
    // A generous bound, for a machine that is busy.
    expect(performance.now() - since).toBeLessThan(30_000);
    expect(peer.requests.map(({ url }) => url)).not.toContain('/other');
  });
});
