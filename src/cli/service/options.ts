import { readFileSync } from 'node:fs';
import { readCaller, travelsOpenly } from '../../config/caller.js';
import type { Extra, Extras } from '../command.js';
import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';
import { terminal } from '../output/terminal.js';
import { UsageError } from '../usage.error.js';
import { Service } from './service.js';

/** What every command takes that talks to a running service. */
export const serviceOptions = {
  json: { says: 'Print what the service answers, as JSON.' },
  url: { value: 'URL', says: 'Where the service is; else ROUNDHOUSE_URL, else http://127.0.0.1:8000.' },
  'api-key-file': {
    value: 'FILE',
    says: 'The file that holds the API key; else ROUNDHOUSE_API_KEY, else ROUNDHOUSE_API_KEY_FILE.',
  },
} as const satisfies Record<string, Extra>;

/** The service that a call means. @throws CliError when what says so makes no sense */
export function serviceFor(extras: Extras): Service {
  const caller = readCaller();
  const url = urlFrom(extras.url ?? caller.url);
  const apiKey = keyFrom(extras['api-key-file'], caller);
  if (apiKey !== undefined && travelsOpenly(url))
    terminal.note(`Warning: the API key travels unencrypted to ${url.host}: use https://.`);
  return new Service(url, apiKey);
}

function urlFrom(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(
      `The address of the service looks like https://jobs.example.org, not like "${text}".`,
    );
  if (url.username || url.password)
    throw new UsageError('An address takes no password: set ROUNDHOUSE_API_KEY or use --api-key-file.');
  // So that paths can be put behind it.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function keyFrom(file: string | undefined, { apiKey, apiKeyFile }: ReturnType<typeof readCaller>) {
  if (file === undefined && apiKey !== undefined) return checked(apiKey, 'ROUNDHOUSE_API_KEY');
  const path = file ?? apiKeyFile;
  if (path === undefined) return undefined;
  try {
    return checked(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT_CODES.settings, `The API key cannot be read: ${(error as Error).message}.`);
  }
}

/** What holds line breaks or other signs would break the header that carries it, with a message that shows the key. */
function checked(text: string, from: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CliError(
    EXIT_CODES.settings,
    `${from} holds no API key: one is a single line that begins with rh_.`,
  );
}
