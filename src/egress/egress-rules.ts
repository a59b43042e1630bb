import { isIP } from 'node:net';
import { faultOfAddress } from './address-ranges.js';
import { ForbiddenTargetError } from './forbidden-target.error.js';

/** Longer ones are not understood everywhere. */
export const LONGEST_URL = 2_048;

const PORTS = [443, 80, 8443];
/** Where plain HTTP is spoken besides. */
const HTTP_PORTS = [8080];

/** Names of cloud metadata services; most lead to 169.254.169.254. */
const METADATA_HOSTS = new Set([
  'instance-data',
  'instance-data.ec2.internal',
  'metadata',
  'metadata.azure.internal',
  'metadata.goog',
  'metadata.google.internal',
  'metadata.platformequinix.com',
  'metadata.tencentyun.com',
]);

const LONGEST_HOST = 253;
const LONGEST_LABEL = 63;

/** What the settings allow. */
interface Allowed {
  /** Plain `http://` beside `https://`, and port 8080. */
  readonly allowHttp: boolean;
  /** Loopback and private addresses, and with them every port: what a developer runs listens on any. */
  readonly allowPrivate: boolean;
  /** How the names of the settings that allow them begin. Default: HTTP. */
  readonly settings?: 'HTTP' | 'WEBHOOK';
}

/**
 * Where requests that others have worded may go: to public addresses of the internet, so that nobody reaches through
 * us what only we can reach.
 */
export class EgressRules {
  constructor(private readonly allowed: Allowed) {}

  /**
   * The URL, without a fragment and without the dot that may end its host.
   * @param subject what it is called in the error
   * @throws ForbiddenTargetError
   */
  parse(text: string, subject?: string): URL {
    const url = this.read(text);
    if (typeof url === 'string') throw new ForbiddenTargetError(url, subject);
    return url;
  }

  /** What is wrong with a URL as far as it shows without asking DNS: the rest of a sentence; undefined = nothing. */
  faultOf(text: unknown): string | undefined {
    const url = this.read(text);
    return typeof url === 'string' ? url : undefined;
  }

  /** What is wrong with an IP address: the rest of a sentence; undefined = nothing. Says no more of it than its kind. */
  faultOfAddress(address: string): string | undefined {
    const fault = faultOfAddress(address, this.allowed.allowPrivate);
    if (!fault) return undefined;
    const remedy = fault.isPrivate ? ` unless ${this.setting('ALLOW_PRIVATE')} is true` : '';
    return `leads to ${fault.what}, where no request may go${remedy}`;
  }

  private read(text: unknown): URL | string {
    if (typeof text !== 'string' || text.length > LONGEST_URL) {
      return `must be a URL of at most ${LONGEST_URL} characters, such as https://example.com/hooks`;
    }
    // Parsers differ in what they make of these; the URL that is checked must be the one that everybody reads.
    if (/[\s\p{Cc}\\]/u.test(text) || !text.isWellFormed()) {
      return 'must hold no spaces, line breaks, control characters or backslashes: percent-encode them';
    }
    const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text) ?? [];
    const fault = this.faultOfScheme(scheme.toLowerCase());
    if (fault) return this.withPrivate(fault, text);
    if (authority.includes('@')) return `must hold no user name and no password: ${this.instead()}`;
    if (authority === '' || !URL.canParse(text))
      return 'is not a valid URL: write it like https://example.com/hooks';
    const url = new URL(text);
    url.hash = '';
    if (/[^.]\.$/.test(url.hostname)) url.hostname = url.hostname.slice(0, -1);
    return this.faultOfPort(url) ?? this.faultOfHost(url.hostname) ?? url;
  }

  private faultOfScheme(scheme: string): string | undefined {
    if (scheme === 'https' || (scheme === 'http' && this.allowed.allowHttp)) return undefined;
    if (this.allowed.allowHttp) return 'must begin with https:// or http://';
    return `must begin with https://${scheme === 'http' ? ` unless ${this.setting('ALLOW_HTTP')} is true` : ''}`;
  }

  /** Whoever has to allow plain HTTP first would meet the other setting next. */
  private withPrivate(fault: string, text: string): string {
    const fromHost = URL.canParse(text) ? this.faultOfHost(new URL(text).hostname) : undefined;
    return fromHost?.startsWith('leads to') ? `${fault}, and ${fromHost}` : fault;
  }

  /** A webhook has no headers of its own. */
  private instead(): string {
    return this.allowed.settings === 'WEBHOOK'
      ? 'the signature tells the receiver who sends'
      : 'send an Authorization header';
  }

  private setting(name: string): string {
    return `${this.allowed.settings ?? 'HTTP'}_${name}`;
  }

  private faultOfPort({ port }: URL): string | undefined {
    const ports = this.allowed.allowHttp ? [...PORTS, ...HTTP_PORTS] : PORTS;
    if (port === '' || this.allowed.allowPrivate || ports.includes(Number(port))) return undefined;
    return `must use one of the ports ${ports.join(', ')}, not ${port}, unless ${this.setting('ALLOW_PRIVATE')} is true`;
  }

  private faultOfHost(hostname: string): string | undefined {
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0) return this.faultOfAddress(literal);
    const labels = hostname.split('.');
    if (
      hostname.length > LONGEST_HOST ||
      labels.some((label) => label === '' || label.length > LONGEST_LABEL)
    ) {
      return 'must name a host, such as example.com';
    }
    if (METADATA_HOSTS.has(hostname)) return 'leads to a cloud metadata service, where no request may go';
    // RFC 6761: these are this machine, whatever DNS says.
    return labels.at(-1) === 'localhost' ? this.faultOfAddress('127.0.0.1') : undefined;
  }
}
