import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address as a socket that takes both families has it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address, perhaps with a port, as proxies write it. */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;

const GROUPS_OF_A_NETWORK = 4;

/** An address as it is compared: without a port or a zone, IPv4 as such. Undefined = it is none. */
export function plainAddress(text: string): string | undefined {
  const [, bracketed, short] = WITH_PORT.exec(text) ?? [];
  const address = (bracketed ?? short ?? text).replace(/%.*$/, '');
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv4(address) || isIPv6(address) ? address.toLowerCase() : undefined;
}

/** Who an address belongs to: of IPv6 a customer is given a network of 64 bits at least, and every address in it. */
export function networkOf(address: string): string {
  return isIPv6(address) ? `${firstGroups(address).join(':')}::/64` : address;
}

/** Addresses within any of these networks (CIDR). */
export class Networks {
  private readonly list = new BlockList();

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      this.list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    }
  }

  holds(address: string): boolean {
    return this.list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

/** The first 64 bits, as four groups without leading zeros. */
function firstGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length < 8 - after) groups.push('0');
  }
  const all = [...groups, ...(tail ? tail.split(':') : [])].slice(0, GROUPS_OF_A_NETWORK);
  return all.map((group) => Number.parseInt(group, 16).toString(16));
}
