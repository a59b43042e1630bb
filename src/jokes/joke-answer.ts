import { JokeApiError } from './joke-api.errors.js';

/** An answer is a few hundred bytes; more is not a joke. */
const LARGEST_BYTES = 64 * 1024;
const LONGEST_ID = 200;
const LONGEST_URL = 2_000;
const LONGEST_CATEGORY = 100;

/** A joke as the API tells it. */
export interface FetchedJoke {
  readonly id: string;
  readonly value: string;
  readonly url: string | null;
  readonly iconUrl: string | null;
  readonly categories: readonly string[];
}

/**
 * Reads a joke in the shape of api.chucknorris.io: `{id, value, url, icon_url, categories}`, of which id and
 * value must be there. Reads no more than 64 KiB.
 * @throws JokeApiError when it is anything else
 */
export async function readJoke(response: Response): Promise<FetchedJoke> {
  const answer = parse(await readText(response));
  const { id, value, url, icon_url: iconUrl, categories } = answer;
  if (!isText(id, LONGEST_ID) || !isText(value, LARGEST_BYTES)) throw notAJoke();
  return {
    id,
    value,
    url: isWebAddress(url) ? url : null,
    iconUrl: isWebAddress(iconUrl) ? iconUrl : null,
    categories: Array.isArray(categories) ? categories.filter((name) => isText(name, LONGEST_CATEGORY)) : [],
  };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BYTES) {
      throw new JokeApiError(
        `The joke API answered with more than ${LARGEST_BYTES / 1024} KiB: check API_BASE_URL`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw notAJoke(cause);
  }
  if (typeof answer !== 'object' || answer === null) throw notAJoke();
  return { ...answer };
}

/** PostgreSQL stores no NUL. */
function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest && !value.includes('\0');
}

function isWebAddress(value: unknown): value is string {
  return isText(value, LONGEST_URL) && /^https?:\/\//i.test(value) && URL.canParse(value);
}

function notAJoke(cause?: unknown): JokeApiError {
  return new JokeApiError(
    'The joke API answered with something that is not a joke: check that API_BASE_URL names an API in the shape of api.chucknorris.io',
    { cause },
  );
}
