import { makeValidator } from 'envalid';
import { isLoopback } from './loopback.ts';
import { integerIn, listOf, oneOf } from './validators.ts';

const FORM =
  'must be an https URL such as https://login.example.org/realms/main (http:// is for loopback only)';

/** Where something lies that decides who may call: nobody on the way may change it. Kept to the letter; not shown in a fault. */
const trustedUrl = makeValidator<string>((input) => {
  const fault = faultOfTrustedUrl(input);
  if (fault !== undefined) throw new Error(fault);
  return input;
});

/** What is wrong with the address of an issuer or of its keys; undefined = nothing. */
export function faultOfTrustedUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return FORM;
  if (url.username + url.password + url.hash !== '') return FORM;
  if (url.protocol === 'https:') return undefined;
  return url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')) ? undefined : FORM;
}

/** Words separated by commas. */
const words = makeValidator<readonly string[]>((input) => {
  const found = listOf(input);
  if (found.length === 0) throw new Error('must name something');
  return found;
});

/** Whose access tokens are accepted. */
export const issuerVariables = {
  OIDC_ISSUER: trustedUrl({
    default: undefined,
    desc: 'Whose access tokens (JWT) are accepted beside API keys: the `iss` of its tokens, to the letter. Without it none are, and nothing that reads them is loaded.',
  }),
  OIDC_AUDIENCE: words({
    default: [],
    desc: 'What the `aud` of an access token must name; of several, separated by commas, one.',
  }),
  OIDC_JWKS_URL: trustedUrl({
    default: undefined,
    desc: 'Where the keys of OIDC_ISSUER lie. Default: where its `/.well-known/openid-configuration` says.',
  }),
  OIDC_SCOPES_CLAIM: words({
    default: ['scope'],
    desc: 'The claim of an access token that holds its scopes, as one text or a list; with dots for a claim within another, and commas between several.',
  }),
  OIDC_TOKEN_TYPE: oneOf(
    'at+jwt',
    'jwt',
  )({
    default: 'at+jwt',
    desc: 'The `typ` that marks access tokens: `at+jwt` (RFC 9068), or `jwt` for issuers that mark all tokens alike.',
  }),
  OIDC_MAX_LIFETIME: integerIn({ min: 60, max: 86_400 })({
    default: 3_600,
    desc: 'Seconds that an access token may be good for from its making on; one that says more is refused.',
  }),
};
