import { Logger } from '@nestjs/common';
import { type Config, isLoopback } from '../../config/index.js';
import type { Session } from '../../database/index.js';
import { HAS_ACTIVE_KEY } from './api-keys.sql.js';

const HOW = 'make the first one by: roundhouse keys create NAME --scopes admin';

/** An API that nobody can call is started by mistake. */
class NoKeysError extends Error {
  override readonly name = 'NoKeysError';
  /** EX_CONFIG of sysexits.h: a service manager should not start us again before something is changed. */
  readonly exitCode = 78;
}

/**
 * Looks whether an API that asks for keys has any.
 * @throws NoKeysError, with an `exitCode`, when there are none and the API is for other machines
 */
export async function refuseWithoutKeys({ http }: Config, session: Session): Promise<void> {
  if (http.authMode !== 'keys') return;
  const { rows } = await session.query<{ isThere: boolean }>(HAS_ACTIVE_KEY);
  if (rows[0]?.isThere) return;
  if (isLoopback(http.host)) {
    new Logger('Auth').warn(`Nobody can call the API, for there is no API key: ${HOW}`);
    return;
  }
  throw new NoKeysError(
    `HOST ${http.host} can be reached from other machines, and there is no API key: ${HOW}. Or keep HOST=127.0.0.1, or set AUTH_MODE=open if something in front of it decides who may call.`,
  );
}
