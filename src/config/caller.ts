import { isLoopback } from './loopback.ts';

/** How a program that calls the service finds it, and what it shows to be let in. */
export interface Caller {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly apiKeyFile: string | undefined;
}

/**
 * The variables of a caller. Only the environment counts and no `.env` file: whoever can place one in a folder could
 * otherwise have the key sent elsewhere. An empty variable is none.
 */
export function readCaller(env: NodeJS.ProcessEnv = process.env): Caller {
  const given = (name: string) => (env[name] === '' ? undefined : env[name]);
  return {
    url: given('ROUNDHOUSE_URL') ?? 'http://127.0.0.1:8000',
    apiKey: given('ROUNDHOUSE_API_KEY'),
    apiKeyFile: given('ROUNDHOUSE_API_KEY_FILE'),
  };
}

/** Whether what is sent there can be read on the way by others. */
export function travelsOpenly({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''));
}
