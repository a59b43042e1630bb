import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose';
import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import { SCOPES } from '../../src/auth/scopes.js';
import { KEYS_ONLY } from './keys.js';

export const AUDIENCE = 'https://jobs.example';
export const QUEUE_SCOPE = 'jobs:submit@mine';

const CLIENT = { id: 'shop', secret: 'a secret of the shop' };

/** A key that signs, and what the issuer publishes of it. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

export async function newSigningKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const more = { kid, alg, use: 'sig' };
  return {
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), ...more },
    privateJwk: { ...(await exportJWK(privateKey)), ...more },
  };
}

/** An OpenID provider on this machine, whose keys a test holds. */
export class Issuer {
  key: SigningKey;
  /** Paths that were asked for, the first one first. */
  readonly asked: string[] = [];
  /** What answers in its place. */
  answer: RequestListener | undefined;
  private provider: RequestListener;
  private readonly server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    (this.answer ?? this.provider)(request, response);
  });

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await once(issuer.server.listen(0, '127.0.0.1'), 'listening');
    await issuer.rotate('first');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What makes a process of the product accept its tokens. */
  get environment(): Record<string, string> {
    return { ...KEYS_ONLY, OIDC_ISSUER: this.url, OIDC_AUDIENCE: AUDIENCE };
  }

  /** Signs with another key from now on, and publishes this one alone. */
  async rotate(kid: string, alg = 'RS256'): Promise<void> {
    this.key = await newSigningKey(kid, alg);
    const provider = new Provider(this.url, configuration(this.key, alg));
    const answer = provider.callback();
    this.provider = (request, response) => void answer(request, response);
  }

  /** A token as a client gets one. */
  async token(scope: string): Promise<string> {
    const response = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource: AUDIENCE }),
    });
    const body = (await response.json()) as { access_token?: string };
    if (!body.access_token) throw new Error(`No token: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  /** A token that it could have made, with some claims and members of its header replaced; undefined leaves one out. */
  sign(
    claims: object = {},
    header: object = {},
    key: CryptoKey | Uint8Array = this.key.privateKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.url, aud: AUDIENCE, sub: 'shop', iat: now, exp: now + 600, scope: 'jobs:read' };
    const { kid, alg = 'RS256' } = this.key.publicJwk;
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }), ...header })
      .sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

function configuration(key: SigningKey, alg: string): Configuration {
  const scope = [...Object.keys(SCOPES), QUEUE_SCOPE].join(' ');
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: alg as never,
      },
    ],
    jwks: { keys: [key.privateJwk] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope,
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: alg as never } },
        }),
      },
    },
  };
}
