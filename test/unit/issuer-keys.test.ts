import { type JSONWebKeySet, type JWSHeaderParameters, exportJWK, generateKeyPair } from 'jose';
import { IssuerKeys } from '../../src/auth/oidc/issuer-keys.js';

const TOKEN = { payload: '', signature: '' };

/** An issuer with these keys, which counts how often it is asked. */
class FakeIssuer {
  asked = 0;
  isAway = false;
  readonly keys: JSONWebKeySet = { keys: [] };
  now = 1_000_000;
  readonly known = new IssuerKeys(
    async () => {
      this.asked += 1;
      if (this.isAway) throw new Error('away');
      return structuredClone(this.keys);
    },
    () => this.now,
  );

  async publish(kid: string): Promise<void> {
    const { publicKey } = await generateKeyPair('ES256');
    this.keys.keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }];
  }

  find(kid: string): Promise<string> {
    const header: JWSHeaderParameters = { alg: 'ES256', kid };
    return this.known.find(header, TOKEN).then(
      () => 'found',
      (error: unknown) => (error as { code: string }).code,
    );
  }
}

const MISSING = 'ERR_JWKS_NO_MATCHING_KEY';
const AWAY = 'issuer_unavailable';

describe('the keys of an issuer', () => {
  let issuer: FakeIssuer;
  beforeEach(async () => {
    issuer = new FakeIssuer();
    await issuer.publish('a');
  });

  test('are asked for once, however many tokens come at the same time', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => issuer.find('a'))))).toEqual(
      new Set(['found']),
    );
    expect(issuer.asked).toBe(1);
  });

  test('are asked for again when one is missing, and for made-up ones once in thirty seconds', async () => {
    await issuer.find('a');
    await issuer.publish('b');
    expect(await Promise.all(['b', 'b', 'x'].map((kid) => issuer.find(kid)))).toEqual([
      'found',
      'found',
      MISSING,
    ]);
    expect(issuer.asked).toBe(2);
    for (let second = 0; second < 29; second += 1) {
      issuer.now += 1_000;
      expect(await issuer.find('y')).toBe(MISSING);
    }
    expect(issuer.asked).toBe(2);
    issuer.now += 2_000;
    expect([await issuer.find('y'), issuer.asked]).toEqual([MISSING, 3]);
    expect(await issuer.find('a')).toBe(MISSING);
  });

  test('serve on while the issuer is away, which is left alone for five seconds after each try', async () => {
    await issuer.find('a');
    issuer.isAway = true;
    expect([await issuer.find('b'), issuer.asked]).toEqual([AWAY, 2]);
    for (let second = 0; second < 4; second += 1) {
      issuer.now += 1_000;
      expect([await issuer.find('a'), await issuer.find('b')]).toEqual(['found', AWAY]);
    }
    expect(issuer.asked).toBe(2);
    issuer.now += 23 * 3_600_000;
    expect(await issuer.find('a')).toBe('found');
    issuer.now += 3_600_000;
    expect(await issuer.find('a')).toBe(AWAY);
    issuer.isAway = false;
    issuer.now += 5_000;
    expect(await issuer.find('a')).toBe('found');
  });

  test('are exchanged in the background when they are old, so that one that was withdrawn is refused', async () => {
    await issuer.find('a');
    await issuer.publish('b');
    issuer.now += 600_001;
    expect(await issuer.find('a')).toBe('found');
    await issuer.known.prepare();
    await new Promise((done) => setImmediate(done));
    expect(issuer.asked).toBe(2);
    expect([await issuer.find('b'), await issuer.find('a')]).toEqual(['found', MISSING]);
  });

  test('are not there at first when the issuer is away', async () => {
    issuer.isAway = true;
    expect([await issuer.find('a'), await issuer.find('a'), issuer.asked]).toEqual([AWAY, AWAY, 1]);
    issuer.isAway = false;
    issuer.now += 5_000;
    expect(await issuer.find('a')).toBe('found');
  });
});
