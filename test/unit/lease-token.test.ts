import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { fromToken, toToken } from '../../src/leases/lease-token.js';

const KEY = randomUUID();

describe('the token of a lease', () => {
  const leases = fc.record({
    jobId: fc.uuid(),
    attempt: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    seconds: fc.integer({ min: 5, max: 3600 }),
  });

  test('says which attempt it stands for, whatever that is, in letters that need no encoding in an address', () => {
    fc.assert(
      fc.property(leases, (lease) => {
        const token = toToken(lease, KEY);
        expect(token).toMatch(/^rhl_[\w-]{51}$/);
        expect(fromToken(token, KEY)).toEqual(lease);
      }),
    );
  });

  test('is none when one bit of it is another, or another key has made it', () => {
    fc.assert(
      fc.property(
        leases,
        fc.integer({ min: 0, max: 37 }),
        fc.integer({ min: 0, max: 7 }),
        (lease, at, bit) => {
          const token = toToken(lease, KEY);
          const bytes = Buffer.from(token.slice(4), 'base64url');
          bytes[at]! ^= 1 << bit;
          expect(fromToken(`rhl_${bytes.toString('base64url')}`, KEY)).toBeUndefined();
          expect(fromToken(token, `${KEY} `)).toBeUndefined();
        },
      ),
    );
  });

  test.each([
    '',
    'rhl_',
    'x',
    'rhl_x',
    `rhl_${'A'.repeat(10_000)}`,
    toToken({ jobId: KEY, attempt: 1, seconds: 5 }, KEY).slice(4),
  ])('is none when it is another text: %.20s', (text) => {
    expect(fromToken(text, KEY)).toBeUndefined();
  });
});
