import type { JSONWebKeySet } from 'jose';
import { faultOfTrustedUrl, type IssuerConfig } from '../../config/index.js';

/** What an issuer says is not taken on trust: more bytes, keys or time than this are not spent on it. */
const MOST_BYTES = 256 * 1024;
const MOST_KEYS = 100;
const WITHIN_MS = 5_000;

/** The issuer answered, but not with what it should. */
class IssuerAnswerError extends Error {
  override readonly name = 'IssuerAnswerError';
}

/**
 * Asks an issuer for its keys; a redirect is not followed.
 * @throws Error whose message says what is wrong
 */
export async function fetchKeys({ issuer, jwksUrl }: IssuerConfig): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const address = jwksUrl ?? (await discover(issuer, signal));
  const { keys } = await fetchJson(address, ['application/jwk-set+json', 'application/json'], signal);
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS) {
    throw new IssuerAnswerError(`${address} holds no list of 1 to ${MOST_KEYS} keys`);
  }
  return { keys: keys.filter(isKey) };
}

/** OpenID Connect Discovery 1.0, section 4: the document must be the issuer's own, to the letter. */
async function discover(issuer: string, signal: AbortSignal): Promise<string> {
  const address = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const document = await fetchJson(address, ['application/json'], signal);
  if (document.issuer !== issuer) {
    throw new IssuerAnswerError(`${address} is of another issuer: set OIDC_ISSUER to what it says there`);
  }
  const { jwks_uri: keys } = document;
  if (typeof keys !== 'string' || !mayFollow(issuer, keys)) {
    throw new IssuerAnswerError(`${address} names no https address of its keys`);
  }
  return keys;
}

/** Only an issuer on this machine may send us to this machine without TLS. */
function mayFollow(issuer: string, keys: string): boolean {
  if (faultOfTrustedUrl(keys) !== undefined) return false;
  return keys.startsWith('https:') || issuer.startsWith('http:');
}

async function fetchJson(
  address: string,
  types: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const headers = { accept: types.join(', ') };
  const response = await fetch(address, { headers, signal, redirect: 'manual' });
  try {
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    if (response.status !== 200) throw new IssuerAnswerError(`${address} answers ${response.status}`);
    if (!types.includes(type.trim().toLowerCase())) {
      throw new IssuerAnswerError(`${address} answers with ${type || 'something'} that is no JSON`);
    }
    return parse(await bytesOf(response, address), address);
  } finally {
    // What was not read is not wanted; a connection that is kept waiting for it is of no use.
    if (!response.bodyUsed) await response.body?.cancel();
  }
}

async function bytesOf(response: Response, address: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted after decompression: a small answer may unfold into a large one.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MOST_BYTES)
      throw new IssuerAnswerError(`${address} answers with more than ${MOST_BYTES} bytes`);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer, address: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new IssuerAnswerError(`${address} answers with what is no JSON object`);
}

function isKey(value: unknown): value is JSONWebKeySet['keys'][number] {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
}
