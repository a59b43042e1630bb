import { BlockList, isIP } from 'node:net';

/** A range of addresses, in CIDR notation, and what it is. */
type Range = readonly [cidr: string, what: string];

/** Nobody's business, whatever the settings say: who reaches these, reads the credentials of the machine itself. */
const NEVER: readonly Range[] = [
  ['169.254.0.0/16', 'a link-local or cloud metadata address'],
  ['fe80::/10', 'a link-local address'],
  // Cloud metadata outside of link-local: Alibaba Cloud's lies within carrier-grade NAT.
  ['100.64.0.0/10', 'a carrier-grade NAT or cloud metadata address'],
  ['168.63.129.16/32', 'a cloud metadata address'],
  ['192.0.0.0/24', 'an address reserved for protocols and cloud metadata'],
  ['fd00:ec2::/32', 'a cloud metadata address'],
  ['fd00:42::42/128', 'a cloud metadata address'],
  ['fd20:ce::254/128', 'a cloud metadata address'],
  ['0.0.0.0/8', 'an unspecified address'],
  ['224.0.0.0/4', 'a multicast address'],
  ['240.0.0.0/4', 'a reserved or broadcast address'],
];

/** What `HTTP_ALLOW_PRIVATE` and `WEBHOOK_ALLOW_PRIVATE` lift. */
const PRIVATE: readonly Range[] = [
  ['127.0.0.0/8', 'a loopback address'],
  ['::1/128', 'a loopback address'],
  ['10.0.0.0/8', 'a private address'],
  ['172.16.0.0/12', 'a private address'],
  ['192.168.0.0/16', 'a private address'],
  ['fc00::/7', 'a private address'],
];

/** The rest of what is not the public internet, as IANA's registries of special addresses list it. */
const SPECIAL: readonly Range[] = [
  ['192.0.2.0/24', 'a documentation address'],
  ['192.88.99.0/24', 'a 6to4 relay'],
  ['198.18.0.0/15', 'a benchmarking address'],
  ['198.51.100.0/24', 'a documentation address'],
  ['203.0.113.0/24', 'a documentation address'],
  ['2001::/23', 'a Teredo or otherwise special address'],
  ['2001:db8::/32', 'a documentation address'],
  ['2002::/16', 'a 6to4 address, which holds an IPv4 address'],
  ['3fff::/20', 'a documentation address'],
];

/** All of IPv6 that is handed out. Mapped, compatible and translated IPv4 addresses lie outside. */
const PUBLIC_IPV6 = listOf('2000::/3');

const compiled = (ranges: readonly Range[]) =>
  ranges.map(([cidr, what]) => ({ what, list: listOf(cidr), ipv6: cidr.includes(':') }));

const never = compiled(NEVER);
const privates = compiled(PRIVATE);
const special = compiled(SPECIAL);

/** What speaks against an address. */
export interface AddressFault {
  /** What it is: "a loopback address". */
  readonly what: string;
  /** Whether a setting would allow it. */
  readonly isPrivate: boolean;
}

/**
 * What speaks against sending a request to an IP address; undefined = nothing.
 * @param address as `net` writes it; anything else, such as one with a zone, is refused
 * @param allowPrivate lifts loopback, RFC 1918 and unique local addresses, and nothing else
 */
export function faultOfAddress(address: string, allowPrivate: boolean): AddressFault | undefined {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return refused('not a plain IP address');
  const ipv6 = family === 6;
  const kindIn = (ranges: typeof never) =>
    ranges.find((range) => range.ipv6 === ipv6 && range.list.check(address, ipv6 ? 'ipv6' : 'ipv4'))?.what;

  const forbidden = kindIn(never);
  if (forbidden) return refused(forbidden);
  const local = kindIn(privates);
  if (local) return allowPrivate ? undefined : { what: local, isPrivate: true };
  if (ipv6 && !PUBLIC_IPV6.check(address, 'ipv6')) return refused('not a public IPv6 address');
  const reserved = kindIn(special);
  return reserved ? refused(reserved) : undefined;
}

function refused(what: string): AddressFault {
  return { what, isPrivate: false };
}

function listOf(cidr: string): BlockList {
  const [address = '', bits] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
