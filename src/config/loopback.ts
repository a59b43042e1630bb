import { isIPv4 } from 'node:net';

/** Whether only this machine can be meant. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Who may call the API: everybody, or whoever has an API key. */
export type AuthMode = 'open' | 'keys';

/** Whoever opens the API to other machines has its callers show keys, unless it is said that everybody may call. */
export function authModeFor(host: string, wanted: AuthMode | undefined): AuthMode {
  return wanted ?? (isLoopback(host) ? 'open' : 'keys');
}
