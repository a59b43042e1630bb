import { resolveConfig } from '../../src/config/index.js';
import { Buckets } from '../../src/request-limits/buckets.js';
import { ClientAddresses } from '../../src/request-limits/client-addresses.js';
import { networkOf, plainAddress } from '../../src/request-limits/networks.js';

describe('a bucket', () => {
  const RATE = { count: 6, periodMs: 60_000 };
  let now: number;
  beforeEach(() => (now = 1_000));
  const bucketsOf = (rate = RATE, most?: number) => new Buckets(rate, most, () => now);
  const taken = (buckets: Buckets, client = 'a') => {
    let count = 0;
    while (buckets.take(client).isWithin) count += 1;
    return count;
  };

  test('holds as many requests as the rate says, and says how many are left', () => {
    const buckets = bucketsOf();
    const levels = Array.from({ length: 7 }, () => buckets.take('a'));
    expect(levels.map(({ remaining }) => remaining)).toEqual([5, 4, 3, 2, 1, 0, 0]);
    expect(levels.map(({ isWithin }) => isWithin)).toEqual([true, true, true, true, true, true, false]);
    expect(levels.map(({ resetMs }) => resetMs)).toEqual([
      10_000, 20_000, 30_000, 40_000, 50_000, 10_000, 10_000,
    ]);
  });

  test('fills up steadily, is full after a period, and never holds more', () => {
    const buckets = bucketsOf();
    expect(taken(buckets)).toBe(6);
    now += 10_000;
    expect(taken(buckets)).toBe(1);
    now += 35_000;
    expect(taken(buckets)).toBe(3);
    now += 600_000;
    expect(taken(buckets)).toBe(6);
  });

  test('lets through at the moment that it has named, however often it was asked in vain', () => {
    const buckets = bucketsOf();
    taken(buckets);
    for (let vain = 0; vain < 100; vain++) now += buckets.take('a').resetMs / 100;
    now += buckets.take('a').resetMs;
    expect(buckets.take('a').isWithin).toBe(true);
  });

  test.each([
    [1, 1_000],
    [3, 1_000],
    [7, 60_000],
    [600, 60_000],
    [999_983, 86_400_000],
  ])('of %d in %d ms holds exactly so many', (count, periodMs) => {
    now = 12_345.678;
    expect(taken(bucketsOf({ count, periodMs }))).toBe(count);
  });

  test('is of one client, and what is given back can be taken again', () => {
    const buckets = bucketsOf();
    expect(taken(buckets, 'a')).toBe(6);
    expect(taken(buckets, 'b')).toBe(6);
    buckets.giveBack('a');
    buckets.giveBack('nobody');
    expect([taken(buckets, 'a'), taken(buckets, 'b')]).toEqual([1, 0]);
  });

  test('is forgotten for those that have rested longest, when there are too many', () => {
    const buckets = bucketsOf(RATE, 1_000);
    taken(buckets, 'busy');
    for (let stranger = 0; stranger < 100_000; stranger++) {
      buckets.take(`stranger ${stranger}`);
      if (stranger % 400 === 0) expect(buckets.take('busy').isWithin).toBe(false);
    }
    expect((buckets as unknown as { fullAt: { size: number } }).fullAt.size).toBeLessThanOrEqual(1_000);
    expect(buckets.take('stranger 99999').remaining).toBe(4);
    expect(buckets.take('stranger 0').remaining).toBe(5);
  });
});

describe('an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['unknown', undefined],
    ['', undefined],
    ['192.0.2.7.8', undefined],
    ['_hidden', undefined],
  ])('%s is read as %s', (text, address) => expect(plainAddress(text)).toBe(address));

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
  ])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('the client of a request', () => {
  const clientOf = (remoteAddress: string, forwarded?: string, trusted = '10.0.0.0/8,fd00::/8,192.0.2.1') =>
    new ClientAddresses(resolveConfig({ TRUST_PROXY: trusted })).of({
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      socket: { remoteAddress } as never,
    });

  test.each([
    ['a stranger is believed nothing', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['a proxy names who called it', '10.1.1.1', '203.0.113.9', '203.0.113.9'],
    ['also one of the other family', '::ffff:10.1.1.1', '2001:db8:1:2::3', '2001:db8:1:2::/64'],
    ['the last stranger counts, not what it says', '10.1.1.1', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
    ['proxies behind each other', '10.1.1.1', '1.2.3.4, 203.0.113.9, 192.0.2.1', '203.0.113.9'],
    ['ports are dropped', '10.1.1.1', '203.0.113.9:1234', '203.0.113.9'],
    ['what is no address ends the search', '10.1.1.1', '203.0.113.9, unknown', '10.1.1.1'],
    ['all of them are proxies', '10.1.1.1', '10.9.9.9, 10.2.2.2', '10.9.9.9'],
    ['the header is empty', '10.1.1.1', '', '10.1.1.1'],
    ['there is no header', '10.1.1.1', undefined, '10.1.1.1'],
  ])('%s', (_what, peer, forwarded, client) => expect(clientOf(peer, forwarded)).toBe(client));

  test('is the peer where no proxy is trusted', () => {
    expect(clientOf('10.1.1.1', '203.0.113.9', '')).toBe('10.1.1.1');
    expect(clientOf('127.0.0.1', '203.0.113.9', '')).toBe('127.0.0.1');
  });
});

describe('the settings of limits', () => {
  const limits = (env: Record<string, string>) => resolveConfig(env).http.limits;
  const public_ = { HOST: '0.0.0.0', AUTH_MODE: 'keys' };

  test('are none on loopback, and 600 requests a minute elsewhere', () => {
    expect(limits({})).toMatchObject({
      rate: undefined,
      maxHeld: undefined,
      maxConnectionsPerAddress: undefined,
    });
    expect(limits(public_)).toMatchObject({
      rate: { count: 600, periodMs: 60_000 },
      maxHeld: 100,
      maxConnections: 10_000,
      maxConnectionsPerAddress: 1_000,
    });
    expect(limits({ ...public_, HTTP_RATE_LIMIT: 'off' }).rate).toBeUndefined();
    expect(limits({ HTTP_RATE_LIMIT: '5/second' }).rate).toEqual({ count: 5, periodMs: 1_000 });
  });

  test.each([
    ['HTTP_RATE_LIMIT', '600'],
    ['HTTP_RATE_LIMIT', '0/minute'],
    ['HTTP_RATE_LIMIT', '600/fortnight'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', 'loopback'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8/9'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/0'],
    ['HTTP_MAX_CONNECTIONS', '1'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => resolveConfig({ [name]: value })).toThrow(name);
  });
});
