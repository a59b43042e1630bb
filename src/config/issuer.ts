import type { Environment } from './environment.ts';

/** Whose access tokens are accepted beside API keys. */
export interface IssuerConfig {
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audiences: readonly string[];
  /** Undefined = as the issuer says. */
  readonly jwksUrl: string | undefined;
  /** The claims that list scopes. */
  readonly scopeClaims: readonly string[];
  /** What the header of a token says that it is; `jwt` is satisfied with less. */
  readonly tokenType: 'at+jwt' | 'jwt';
  readonly longestLifeSeconds: number;
}

/** Undefined = only API keys are accepted. */
export function issuerFrom(values: Environment): IssuerConfig | undefined {
  if (values.OIDC_ISSUER === undefined) return undefined;
  return {
    issuer: values.OIDC_ISSUER,
    audiences: values.OIDC_AUDIENCE,
    jwksUrl: values.OIDC_JWKS_URL,
    scopeClaims: values.OIDC_SCOPES_CLAIM,
    tokenType: values.OIDC_TOKEN_TYPE,
    longestLifeSeconds: values.OIDC_MAX_LIFETIME,
  };
}

/** A token that is for anybody would be for whomever it was stolen from, too. */
export function faultsOfIssuer({ OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL }: Environment): string[] {
  if (OIDC_ISSUER !== undefined) {
    return OIDC_AUDIENCE.length > 0
      ? []
      : ['OIDC_AUDIENCE must say what tokens of OIDC_ISSUER are for, such as roundhouse'];
  }
  const others = { OIDC_AUDIENCE: OIDC_AUDIENCE.length > 0, OIDC_JWKS_URL: OIDC_JWKS_URL !== undefined };
  return Object.entries(others)
    .filter(([, isSet]) => isSet)
    .map(([name]) => `${name} is of no use without OIDC_ISSUER: set that too`);
}
