import { isLoopback } from './loopback.ts';

/** The mail server to hand mails to. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  /** Nothing is sent over a connection without TLS. */
  readonly requiresTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

const FORM = 'must look like smtp://user:password@mail.example.org:587 or smtps://mail.example.org';

/**
 * Reads `smtp://` or `smtps://`, user and password percent-encoded. The port is 587, or 465 for smtps, unless it is
 * given. With a user, TLS is required unless the server is on this machine; `?requireTLS=true` or `false` decides it.
 * @throws Error that says what is wrong without showing the URL: it may hold a password
 */
export function parseMailServer(text: string): MailServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || !isBare(url)) throw new Error(FORM);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const login = loginOf(url);
  const requiresTls = requireTlsOf(url) ?? (login !== undefined && !isLoopback(host));
  return { host, port: Number(url.port) || (secure ? 465 : 587), secure, requiresTls, login };
}

/** A server and nothing after it but options. */
function isBare({ hostname, pathname, hash }: URL): boolean {
  return hostname !== '' && ['', '/'].includes(pathname) && hash === '';
}

function loginOf({ username, password }: URL): MailServer['login'] {
  if (username === '' && password === '') return undefined;
  if (username === '' || password === '') {
    throw new Error(`${FORM}: it has a user or a password, but not both`);
  }
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new Error(`${FORM}: a % in the user or the password is written %25`);
  }
}

function requireTlsOf({ searchParams }: URL): boolean | undefined {
  const unknown = [...searchParams.keys()].find((name) => name !== 'requireTLS');
  if (unknown !== undefined)
    throw new Error('may have one option only, ?requireTLS=true or ?requireTLS=false');
  const value = searchParams.get('requireTLS');
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false')
    throw new Error('has a requireTLS that is neither true nor false');
  return value === 'true';
}
