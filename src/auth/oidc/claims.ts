import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';

/** Longer names are not shown anywhere. */
const LONGEST_SUBJECT = 195;

/** What only tokens hold that tell a client who logged in: they are for the client, not for us. */
const ID_TOKEN_CLAIMS = ['at_hash', 'c_hash', 's_hash', 'nonce'];

/**
 * What stands in the claims that list scopes: a text with spaces, or a list of texts. A claim within another is
 * written with dots, unless there is one of just this name.
 */
export function scopesIn(payload: JWTPayload, claims: readonly string[]): string[] {
  return claims.flatMap((claim) => {
    const value = valueAt(payload, claim);
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    return texts.filter((text) => typeof text === 'string').flatMap((text) => text.split(' '));
  });
}

function valueAt(payload: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(payload, claim)) return payload[claim];
  return claim.split('.').reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere ? (value as Record<string, unknown>)[name] : undefined;
  }, payload);
}

/**
 * The name of a caller as it is written beside what it did. What is too long for that, or holds more than ASCII's printable
 * characters, is told apart by its SHA-256, which no name of the other form can be taken for.
 */
export function nameOf(subject: string): string {
  if (/^[!-}][ -~]*$/.test(subject) && subject.length <= LONGEST_SUBJECT) return `oidc:${subject}`;
  return `oidc:~${createHash('sha256').update(subject).digest('base64url')}`;
}

/** Why a token of the right issuer is none to call us with: the rest of a sentence; undefined = it is one. */
export function faultOfKind(payload: JWTPayload): string | undefined {
  const { typ, cnf } = payload;
  if (ID_TOKEN_CLAIMS.some((claim) => claim in payload) || (typ !== undefined && typ !== 'Bearer')) {
    return 'is no access token: send the one that the issuer calls access_token';
  }
  // RFC 9449: it is good together with a proof only, so that nobody can use one that was stolen.
  if (cnf !== undefined) return 'is bound to a key of its holder: ask the issuer for a plain bearer token';
  return undefined;
}
