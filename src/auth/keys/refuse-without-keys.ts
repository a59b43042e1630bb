import { Logger } from '@nestjs/common';
import { type Config, isLoopback } from '../../config/index.js';
import type { Session } from '../../database/index.js';
import { KeyRing } from '../../secrets/index.js';
import { COUNT_ACTIVE_KEYS } from './api-keys.sql.js';

const HOW =
  'make the first one by "npx roundhouse keys create NAME --scopes admin" (in a container without "npx")';

/** An API that nobody can call is started by mistake. */
class NoKeysError extends Error {
  override readonly name = 'NoKeysError';
  /** EX_CONFIG of sysexits.h: a service manager should not start us again before something is changed. */
  readonly exitCode = 78;
}

/** How many keys are stored, and how many of them this process can tell from others. */
interface KeyCounts {
  readonly all: number;
  readonly readable: number;
}

/**
 * Looks whether an API that asks for keys has any that it can tell from others, or an issuer of access tokens.
 * @throws NoKeysError, with an `exitCode`, when nobody could call it and it is for other machines
 */
export async function refuseWithoutKeys(config: Config, session: Session): Promise<void> {
  const { http, oidc } = config;
  if (http.authMode !== 'keys') return;
  const logger = new Logger('Auth');
  const { all, readable } = await countKeys(config, session);
  const unreadable = `${all - readable} of ${all} API keys were made under another SECRETS_KEY than this process has, and are not accepted: set SECRETS_KEY to what it was, also behind a new one with a comma, or make these keys again`;
  if (readable > 0 || oidc !== undefined) {
    if (readable < all) logger.warn(unreadable);
    return;
  }
  const fault = all > 0 ? unreadable : `there is no API key: ${HOW}`;
  if (isLoopback(http.host)) {
    logger.warn(`Nobody can call the API, for ${fault}`);
    return;
  }
  throw new NoKeysError(
    `HOST ${http.host} can be reached from other machines, and ${fault}. Or keep HOST=127.0.0.1, or set OIDC_ISSUER to accept access tokens, or AUTH_MODE=open if something in front of it decides who may call.`,
  );
}

async function countKeys(config: Config, session: Session): Promise<KeyCounts> {
  const ring = new KeyRing(config);
  const { rows } = await session.query<{ madeWith: string; count: number }>(COUNT_ACTIVE_KEYS);
  let [all, readable] = [0, 0];
  for (const { madeWith, count } of rows) {
    const isKnown = await ring.find(madeWith).then(
      () => true,
      () => false,
    );
    all += count;
    if (isKnown) readable += count;
  }
  return { all, readable };
}
