import { isIP, isIPv6 } from 'node:net';

/** A name or an address, and perhaps a port. */
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,255}):?\d{0,5}$/;

/** Domains that nobody can register. */
const RESERVED = /\.(localhost|internal)$/;

/**
 * Whether a browser that asks under this name has been sent by nobody else: a website can make a name of its own lead to
 * this machine (DNS rebinding), but no address, no name that it cannot register, and none of those we are called by.
 * @param header the Host of a request; none comes from no browser
 * @param allowed further names in lower case; one that begins with a dot stands for all below it
 */
export function isOwnHost(header: string | undefined, allowed: readonly string[]): boolean {
  if (header === undefined) return true;
  const [, written = ''] = HOST.exec(header.toLowerCase()) ?? [];
  const name = written.replace(/\.$/, '');
  if (name === '') return false;
  if (name.startsWith('[')) return isIPv6(name.slice(1, -1));
  if (isIP(name) !== 0 || !name.includes('.') || RESERVED.test(name)) return true;
  return allowed.some((each) => (each.startsWith('.') ? name.endsWith(each) : name === each));
}
