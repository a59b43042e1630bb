import { nameOf, scopesIn } from '../../src/auth/oidc/claims.js';
import { resolveConfig } from '../../src/config/index.js';

describe('the claims of an access token', () => {
  test.each<[Record<string, unknown>, string[], string[]]>([
    [{ scope: 'a b' }, ['scope'], ['a', 'b']],
    [{ scope: ['a', 'b c', 1, null] }, ['scope'], ['a', 'b', 'c']],
    [{ scp: 'a', roles: ['b'] }, ['scp', 'roles'], ['a', 'b']],
    [{ realm_access: { roles: ['a'] } }, ['realm_access.roles'], ['a']],
    [{ 'https://jobs.example/scopes': 'a' }, ['https://jobs.example/scopes'], ['a']],
    [{ 'a.b': 'x', a: { b: 'y' } }, ['a.b'], ['x']],
    [{ scope: { toString: 'a' } }, ['scope'], []],
    [{}, ['scope', 'a.b.c', '__proto__', 'constructor.name'], []],
  ])('hold scopes: %j in %j', (payload, claims, scopes) => {
    expect(scopesIn(payload, claims)).toEqual(scopes);
  });

  test.each([
    ['shop', 'oidc:shop'],
    ['auth0|5f7c8ec7c33c6c004bbafe82', 'oidc:auth0|5f7c8ec7c33c6c004bbafe82'],
    ['a b', 'oidc:a b'],
  ])('name their holder: %s', (subject, name) => {
    expect(nameOf(subject)).toBe(name);
  });

  test.each(['x'.repeat(196), '~shop', ' shop', 'sh\u0000op', 'sh\nop', 'schöp', '\ud800'])(
    'name nobody as somebody else could be named: %j',
    (subject) => {
      expect(nameOf(subject)).toMatch(/^oidc:~[\w-]{43}$/);
    },
  );
});

describe('the settings of an issuer', () => {
  const faultsOf = (env: Record<string, string>) => {
    try {
      resolveConfig(env);
      return [];
    } catch (error) {
      return (error as { faults: string[] }).faults;
    }
  };

  test.each([
    ['http://login.example.org'],
    ['login.example.org'],
    ['https://user:secret@login.example.org'],
    ['https://login.example.org/#a'],
    ['file:///etc/passwd'],
    ['http://127.0.0.1.example.org'],
  ])('refuse %s, where anybody on the way could change who may call', (url) => {
    const faults = faultsOf({ OIDC_ISSUER: url, OIDC_AUDIENCE: 'a', OIDC_JWKS_URL: url });
    expect(faults).toHaveLength(2);
    for (const fault of faults) expect(fault).toMatch(/^OIDC_(ISSUER|JWKS_URL) must be an https URL/);
  });

  test('belong together', () => {
    expect(faultsOf({ OIDC_ISSUER: 'https://login.example.org' })).toEqual([
      'OIDC_AUDIENCE must say what tokens of OIDC_ISSUER are for, such as roundhouse',
    ]);
    expect(faultsOf({ OIDC_AUDIENCE: 'a', OIDC_JWKS_URL: 'http://localhost/keys' })).toHaveLength(2);
    expect(faultsOf({ OIDC_ISSUER: 'http://[::1]:80/', OIDC_AUDIENCE: 'a, b' })).toEqual([]);
  });

  test('are kept to the letter, and said to be of no use where everybody may call', () => {
    const { oidc, warnings } = resolveConfig({ OIDC_ISSUER: 'https://a.example/', OIDC_AUDIENCE: 'a, b' });
    expect(oidc).toEqual({
      issuer: 'https://a.example/',
      audiences: ['a', 'b'],
      jwksUrl: undefined,
      scopeClaims: ['scope'],
      tokenType: 'at+jwt',
      longestLifeSeconds: 3_600,
    });
    expect(warnings).toEqual(['OIDC_ISSUER is ignored, for everybody may call the API: set AUTH_MODE=keys']);
    expect(resolveConfig({}).oidc).toBeUndefined();
  });
});
