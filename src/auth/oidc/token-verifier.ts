import { type JWTPayload, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { DomainError } from '../../common/index.js';
import type { IssuerConfig } from '../../config/index.js';
import { faultOfKind, nameOf, scopesIn } from './claims.js';
import { fetchKeys } from './issuer-documents.js';
import { IssuerKeys } from './issuer-keys.js';

/** Signatures that only the issuer can make; with `HS256` whoever knows its public key could. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** How far (s) the clocks of the issuer and of this machine may lie apart. */
const CLOCK_TOLERANCE = 30;

/** What a token says about whoever shows it. */
export interface TokenHolder {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** Tells the access tokens of one issuer from everything else. */
export class TokenVerifier {
  private readonly keys: IssuerKeys;

  constructor(private readonly settings: IssuerConfig) {
    this.keys = new IssuerKeys(() => fetchKeys(settings));
  }

  /** Asks for the keys before they are needed. @throws DomainError issuer_unavailable */
  prepare(): Promise<unknown> {
    return this.keys.prepare();
  }

  /**
   * Who holds this token.
   * @param token of the form of a JWT
   * @throws DomainError unauthenticated; issuer_unavailable when its key is not known and the issuer does not answer
   */
  async verify(token: string): Promise<TokenHolder> {
    try {
      this.refuseStrange(token);
      return this.holderOf(await this.payloadOf(token));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw refusal(sentenceFor(error), error);
    }
  }

  /** Nobody is asked for the key of a token that says itself that it is for others. */
  private refuseStrange(token: string): void {
    const typ = decodeProtectedHeader(token)
      .typ?.toLowerCase()
      .replace(/^application\//, '');
    if (typ !== 'at+jwt' && (this.settings.tokenType === 'at+jwt' || (typ ?? 'jwt') !== 'jwt')) {
      throw refusal(
        `${isNot('an access token')} its typ must be ${this.settings.tokenType} (OIDC_TOKEN_TYPE)`,
      );
    }
    if (decodeJwt(token).iss !== this.settings.issuer) throw refusal(CLAIMS.iss);
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    const { issuer, audiences, longestLifeSeconds } = this.settings;
    const { payload } = await jwtVerify(token, (header, input) => this.keys.find(header, input), {
      algorithms: ALGORITHMS,
      issuer,
      audience: [...audiences],
      clockTolerance: CLOCK_TOLERANCE,
      maxTokenAge: longestLifeSeconds,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    return payload;
  }

  private holderOf(payload: JWTPayload): TokenHolder {
    const { sub, exp = Infinity, iat = 0 } = payload;
    const fault = faultOfKind(payload);
    if (fault !== undefined) throw refusal(`This token ${fault}`);
    if (typeof sub !== 'string' || sub === '') throw refusal(CLAIMS.sub);
    if (!(exp - iat <= this.settings.longestLifeSeconds)) throw refusal(this.tooLong());
    return { name: nameOf(sub), scopes: scopesIn(payload, this.settings.scopeClaims) };
  }

  private tooLong(): string {
    return `This token is good for longer than the ${this.settings.longestLifeSeconds} s of OIDC_MAX_LIFETIME: have the issuer make it for less`;
  }
}

const isNot = (what: string) => `This token is not ${what}:`;

const CLAIMS = {
  iss: `${isNot('of the issuer that is trusted here')} its iss must be OIDC_ISSUER`,
  aud: `${isNot('for this API')} its aud must name what OIDC_AUDIENCE says`,
  exp: `${isNot('good any more, or does not say until when')} get another one from the issuer`,
  iat: `${isNot('of a time that can be')} its iat must say when it was made, no longer ago than OIDC_MAX_LIFETIME`,
  nbf: `${isNot('good yet')} wait, or see to the clocks of the issuer and of this machine`,
  sub: `${isNot('of anybody')} its sub must say whose it is`,
} as const;

function sentenceFor(error: unknown): string {
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
    const { claim } = error;
    if (Object.hasOwn(CLAIMS, claim)) return CLAIMS[claim as keyof typeof CLAIMS];
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `This token must be signed with ${ALGORITHMS.join(', ')}`;
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'This token names no key that the issuer publishes: get another one from the issuer';
  }
  return 'This token is not one that the issuer made: get another one from it';
}

function refusal(detail: string, cause?: unknown): DomainError {
  return new DomainError('unauthenticated', detail, { cause });
}
