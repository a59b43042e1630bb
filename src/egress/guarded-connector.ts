import type { LookupAddress, LookupOptions } from 'node:dns';
import { type LookupFunction, isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { EgressRules } from './egress-rules.js';
import { ForbiddenTargetError } from './forbidden-target.error.js';

/** A connection that is not there after this time (ms) never will be. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Asks for all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Opens connections to allowed addresses only. The addresses of a name are asked for once a connection, checked, and
 * connected to as they were checked, so that a name cannot mean one thing when it is checked and another when it is
 * used. One forbidden address among them forbids the name.
 */
export function guardedConnector(rules: EgressRules, resolve: Resolve): buildConnector.connector {
  const connect = buildConnector({
    lookup: guardedLookup(rules, resolve),
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED does not change it.
    rejectUnauthorized: true,
    allowH2: false,
  });
  return (options, callback) => {
    // Node.js asks no lookup for what is an address already.
    const fault = isIP(options.hostname) === 0 ? undefined : rules.faultOfAddress(options.hostname);
    if (fault) process.nextTick(callback, new ForbiddenTargetError(fault), null);
    else connect(options, callback);
  };
}

/** A lookup for `net.connect` that answers with addresses of which none is forbidden, or with an error. */
function guardedLookup(rules: EgressRules, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '');
        return;
      }
      const fault = firstOf(addresses, ({ address }) => rules.faultOfAddress(address));
      const [first] = addresses;
      if (fault) callback(new ForbiddenTargetError(fault, `"${hostname}"`), '');
      else if (!first) callback(noAddress(hostname), '');
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function firstOf<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`"${hostname}" has no address`), { code: 'ENOTFOUND' });
}
