import { ApiKeys, KeyDigests } from '../../src/auth/index.js';
import { resolveConfig } from '../../src/config/index.js';
import { type App, startApp } from './start-app.js';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');

/** What makes a process of the product ask for keys, those that `keysOf` makes. */
export const KEYS_ONLY = { AUTH_MODE: 'keys', SECRETS_KEY };

/** A key in the header that shows it. */
export const showing = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Makes keys without asking the product's processes. */
function keysOf({ database }: Pick<App, 'database'>): ApiKeys {
  return new ApiKeys(database.pool, new KeyDigests(resolveConfig({ SECRETS_KEY })));
}

/** The product as it asks for keys, and a maker of headers that show new keys with these scopes. */
export async function startLockedApp(test: string, workers = 0, environment: Record<string, string> = {}) {
  const app = await startApp(test, { workers, environment: { ...KEYS_ONLY, ...environment } });
  const keys = keysOf(app);
  const allowed = async (...scopes: string[]) => {
    const { token } = await keys.create({ name: 'test', scopes, expiresAt: null }, 'test');
    return showing(token);
  };
  return { app, keys, allowed };
}
