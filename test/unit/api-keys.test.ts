import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Config } from '../../src/config/index.js';
import { KeyDigests } from '../../src/auth/keys/key-digests.js';
import { idOfKeyToken, newKeyToken } from '../../src/auth/keys/key-token.js';
import { Grants, SCOPES, scopeFault } from '../../src/auth/scopes.js';

const ID = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';

describe('an API key', () => {
  test('says which key it is, whatever its id', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const token = newKeyToken(id);
        expect(token).toMatch(/^rh_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$/);
        expect(idOfKeyToken(token)).toBe(id);
      }),
    );
    for (const id of ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])
      expect(idOfKeyToken(newKeyToken(id))).toBe(id);
  });

  test('is never made twice, and uses every digit everywhere', () => {
    const secrets = Array.from({ length: 2_000 }, () => newKeyToken(ID).slice(26, -6));
    expect(new Set(secrets).size).toBe(secrets.length);
    // The first digit is smaller in part: 62^43 is a little more than 2^256.
    for (const at of [1, 20, 42]) expect(new Set(secrets.map((secret) => secret[at])).size).toBe(62);
  });

  test('with any character changed, left out or added is none', () => {
    const token = newKeyToken(ID);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(idOfKeyToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
      expect(idOfKeyToken(token.slice(0, at) + token.slice(at + 1))).toBeUndefined();
    }
    for (const text of [`${token}x`, ` ${token}`, `${token}\n`, '', 'rh_', 'x'.repeat(10_000)])
      expect(idOfKeyToken(text)).toBeUndefined();
  });
});

describe('what is stored of an API key', () => {
  const home = mkdtempSync(join(tmpdir(), 'roundhouse-keys-'));
  afterAll(() => rmSync(home, { recursive: true }));
  const digestsOf = (...secretsKeys: string[]) => new KeyDigests({ home, secretsKeys } as unknown as Config);
  const key = () => randomBytes(32).toString('base64');

  test('fits that key only, and does not hold it', async () => {
    const digests = digestsOf(key());
    const token = newKeyToken(ID);
    const stored = await digests.of(token);
    expect(stored).not.toContain(token.slice(26, -6));
    expect(await digests.match(token, stored)).toBe(true);
    expect(await digests.match(newKeyToken(ID), stored)).toBe(false);
    expect(await digests.match(token, stored.slice(0, -2))).toBe(false);
  });

  test('fits under an older key of SECRETS_KEY too, and says of an unknown one what to do', async () => {
    const [old, young] = [key(), key()];
    const token = newKeyToken(ID);
    const stored = await digestsOf(old).of(token);
    expect(await digestsOf(young, old).match(token, stored)).toBe(true);
    await expect(digestsOf(young).match(token, stored)).rejects.toMatchObject({
      code: 'secrets_key_unavailable',
      message: expect.stringContaining('SECRETS_KEY'),
    });
  });

  test('is made with a key of the installation when SECRETS_KEY is not set, which nobody else may read', async () => {
    const token = newKeyToken(ID);
    const stored = await digestsOf().of(token);
    expect(await digestsOf().match(token, stored)).toBe(true);
    expect(statSync(join(home, 'secrets.key')).mode & 0o077).toBe(0);
    // The same bytes are used for something else as well, and not as they are.
    const bytes = Buffer.from(readFileSync(join(home, 'secrets.key'), 'utf8'), 'base64');
    expect(await digestsOf(bytes.toString('base64')).of(token)).toBe(stored);
  });
});

describe('scopes', () => {
  test.each(Object.keys(SCOPES))('%s is one, also in a single queue', (scope) => {
    expect(scopeFault(scope)).toBeUndefined();
    expect(scopeFault(`${scope}@e-mails.1`)).toBeUndefined();
  });

  test.each([
    ['jobs:sumbit', 'there is no scope "jobs:sumbit". Did you mean "jobs:submit"?'],
    ['', 'there is no scope "". There are jobs:submit, '],
    ['__proto__', 'there is no scope "__proto__".'],
    ['jobs:read@', 'names no queue after the @'],
    ['jobs:read@Emails', 'names no queue after the @'],
    ['jobs:read@a@b', 'names no queue after the @'],
    ['jobs:read@*', 'names no queue after the @'],
  ])('%j is none', (text, fault) => {
    expect(scopeFault(text)).toContain(fault);
  });

  test.each([
    [['jobs:read'], true, true, true],
    [['jobs:read@emails'], false, true, false],
    [['jobs:read@emails', 'jobs:read@other'], false, true, true],
    [['admin'], true, true, true],
    [['admin@emails'], false, true, false],
    [['jobs:submit', 'jobs:control', 'queues:admin', 'leases'], false, false, false],
    [['jobs:read:more', 'jobs:reader', 'jobs:read@', 'toString'], false, false, false],
    [[], false, false, false],
  ])('%j may read everywhere: %j, emails: %j, other: %j', (scopes, everywhere, emails, other) => {
    const grants = new Grants(scopes);
    expect(grants.holdsEverywhere('jobs:read')).toBe(everywhere);
    expect(grants.holdsIn('jobs:read', 'emails')).toBe(emails);
    expect(grants.holdsIn('jobs:read', 'other')).toBe(other);
    expect(grants.holdsSomewhere('jobs:read')).toBe(emails || other);
  });
});
