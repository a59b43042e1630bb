/** What npm writes when an installation fails, and what a person can do about it. */
const KNOWN = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/,
    'npm could not reach its registry: check the network, a proxy (npm config get proxy) and the registry (npm config get registry), then run the command again.',
  ],
  [
    /\b(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_HAS_EXPIRED)\b/,
    'npm does not trust the certificate of its registry: set NODE_EXTRA_CA_CERTS to the certificate file of your network, then run the command again.',
  ],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    'npm may not write where it must (the path is above): run the command as the owner of this folder, or use a clone of your own.',
  ],
  [/\bENOSPC\b/, 'The disk is full: free about 1 GB and run the command again.'],
  [
    /\b(E401|E403|ENEEDAUTH)\b/,
    'The npm registry asks for a login: check the registry (npm config get registry) and its token, then run the command again.',
  ],
  [
    /\b(E404|ETARGET)\b/,
    'The npm registry lacks a package of package-lock.json: check the registry (npm config get registry), then run the command again.',
  ],
  [
    /\bEUSAGE\b/,
    'package.json and package-lock.json do not match: run "npm install", then run the command again.',
  ],
  [
    /\b(EINTEGRITY|ERR_SSL_|Z_DATA_ERROR|TAR_BAD_ARCHIVE)/,
    'A package arrived damaged: run "npm cache verify", then run the command again.',
  ],
];

const UNKNOWN =
  'npm could not install the dependencies: the lines above say why; run the command again when that is mended.';

/**
 * Turns the output of a failed `npm ci` into one sentence that says what to do.
 * @param {string} output
 * @returns {string}
 */
export function explainNpmFailure(output) {
  return KNOWN.find(([pattern]) => pattern.test(output))?.[1] ?? UNKNOWN;
}
