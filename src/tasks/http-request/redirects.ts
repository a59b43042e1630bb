import { targetOf } from '../../egress/index.js';

/** One request of those that a redirect makes of one. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What says something of a body that is no longer sent. */
const OF_THE_BODY = new Set(['content-encoding', 'content-language', 'content-location', 'content-type']);

/** Names of headers that were meant for one server only: by their names, or by what such names hold. */
const SECRET = /^cookie|auth|token|secret|signature|password|credential|api-?key/;

interface Redirecting {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Where an answer sends on to, as it says it; undefined when it is no redirect. */
export function locationOf({ status, headers }: Redirecting): string | undefined {
  const location = [headers.location].flat()[0];
  return REDIRECTS.has(status) ? location : undefined;
}

/**
 * The request that follows a redirect, as WHATWG fetch has it: after 303, and after 301 and 302 of a POST, a GET
 * without a body. Secrets stay behind when the origin changes. What `location` leads to is not checked.
 */
export function redirected(hop: Hop, status: number, location: string): Hop {
  const url = targetOf(location, hop.url);
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const staysHome = URL.canParse(url) && new URL(url).origin === new URL(hop.url).origin;
  const isKept = (name: string) =>
    !(becomesGet && OF_THE_BODY.has(name)) && (staysHome || !SECRET.test(name));
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: Object.fromEntries(Object.entries(hop.headers).filter(([name]) => isKept(name))),
    body: becomesGet ? undefined : hop.body,
  };
}
