import { makeValidator } from 'envalid';
import { isIP } from 'node:net';
import { RATE_UNITS, UNIT_MS, parseRate } from '../common/rates.ts';
import { isLoopback } from './loopback.ts';
import { listOf } from './validators.ts';

/** How often something may happen. */
export interface HttpRate {
  readonly count: number;
  readonly periodMs: number;
}

/** What a client may ask of one API process. */
export interface HttpLimits {
  /** Requests of one client; undefined = any number. */
  readonly rate: HttpRate | undefined;
  /** Requests of one client, and of one kind, whose answers wait for something; undefined = any number. */
  readonly maxHeld: number | undefined;
  readonly maxConnections: number;
  /** Connections of one address; undefined = any number. */
  readonly maxConnectionsPerAddress: number | undefined;
  /** Networks (CIDR) of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

const USUAL_RATE: HttpRate = { count: 600, periodMs: UNIT_MS.minute };
const USUAL_HELD = 100;

/** One address in all this many may take up the connections of all others. */
const SHARE_OF_ONE_ADDRESS = 10;

/** A rate, or `off`. */
export const httpRate = makeValidator<HttpRate | 'off'>((input) => {
  if (input.toLowerCase() === 'off') return 'off';
  const rate = parseRate(input);
  if (rate) return { count: rate.count, periodMs: UNIT_MS[rate.unit] };
  throw new Error(
    `must be a number from 1 to 1000000, "/" and ${RATE_UNITS.join(', ')}, such as 600/minute, or off; not "${input}"`,
  );
});

/** Addresses and networks, none of which is everybody. */
export const proxyAddresses = makeValidator<readonly string[]>((input) => listOf(input).map(networkOf));

interface Given {
  readonly HOST: string;
  readonly HTTP_RATE_LIMIT: HttpRate | 'off' | undefined;
  readonly HTTP_MAX_HELD: number | undefined;
  readonly HTTP_MAX_CONNECTIONS: number;
  readonly TRUST_PROXY: readonly string[];
}

/** Whoever shares the machine with the API is not held by limits unless somebody says so. */
export function httpLimitsOf(given: Given): HttpLimits {
  const isPrivate = isLoopback(given.HOST);
  const rate = given.HTTP_RATE_LIMIT ?? (isPrivate ? 'off' : USUAL_RATE);
  return {
    rate: rate === 'off' ? undefined : rate,
    maxHeld: given.HTTP_MAX_HELD ?? (isPrivate ? undefined : USUAL_HELD),
    maxConnections: given.HTTP_MAX_CONNECTIONS,
    maxConnectionsPerAddress: isPrivate
      ? undefined
      : Math.ceil(given.HTTP_MAX_CONNECTIONS / SHARE_OF_ONE_ADDRESS),
    trustedProxies: given.TRUST_PROXY,
  };
}

function networkOf(text: string): string {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (family === 0 || rest.length > 0 || length < 0 || length > most) {
    throw new Error(
      `must list addresses or networks such as 10.0.0.0/8 of the proxies in front of the API, not "${text}"`,
    );
  }
  if (length === 0) throw new Error(`must not trust everybody ("${text}"): list the proxies themselves`);
  return `${address}/${length}`;
}
