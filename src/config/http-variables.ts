import { hostNames, origins } from './browsers.ts';
import { httpRate, proxyAddresses } from './http-limits.ts';
import { integerIn } from './validators.ts';

/** What callers may ask, and from where. */
export const httpVariables = {
  HTTP_RATE_LIMIT: httpRate({
    default: undefined,
    desc: 'Requests of one client (API key, else address) per unit of time, such as `600/minute`, per API process; `off` = any number. Default: 600/minute, on loopback off.',
  }),
  HTTP_MAX_HELD: integerIn({ min: 1, max: 100_000 })({
    default: undefined,
    desc: 'Event streams, waits for results and waits for leases that one client may have open, of each kind, per API process. Default: 100, on loopback any number.',
  }),
  HTTP_MAX_CONNECTIONS: integerIn({ min: 10, max: 1_000_000 })({
    default: 10_000,
    desc: 'Connections that the API has open at a time; further ones are closed at once. Beyond loopback one address may have a tenth of them.',
  }),
  TRUST_PROXY: proxyAddresses({
    default: [],
    desc: 'Addresses or networks (10.0.0.0/8) of the proxies in front of the API, separated by commas: what they write in `X-Forwarded-For` says who calls. Nobody else is believed.',
  }),
  QUEUE_MAX_WAITING: integerIn({ min: 1, max: 1_000_000_000 })({
    default: undefined,
    desc: 'Jobs that may wait in a queue before submissions to it are answered 429, for queues without a `max_waiting` of their own. Default: any number.',
  }),
  ALLOWED_HOSTS: hostNames({
    default: [],
    desc: 'Names under which an open API (AUTH_MODE) may be asked for, separated by commas, `.example.org` for all below it. IP addresses, `localhost`, names without a dot, HOST and what ends in `.localhost` or `.internal` always do; under any other name a website could reach it through the browser of somebody who can.',
  }),
  CORS_ORIGINS: origins({
    default: [],
    desc: 'Origins whose pages may call the API from a browser, such as `https://app.example.org`, separated by commas. Default: none but its own.',
  }),
  HSTS_MAX_AGE: integerIn({ min: 0, max: 63_072_000 })({
    default: 0,
    desc: 'Seconds for which browsers that came over https shall come over https only (`Strict-Transport-Security`): for an API behind TLS. 0 says nothing.',
  }),
} as const;
