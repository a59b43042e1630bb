import { Inject, Injectable } from '@nestjs/common';
import { version } from '../common/index.js';
import { CONFIG, type Config, HTTP_TIMEOUT_SECONDS } from '../config/index.js';
import { codeOf } from '../egress/index.js';
import { type FetchedJoke, readJoke } from './joke-answer.js';
import { JokeApiError, JokeApiTimeoutError, NoSuchCategoryError } from './joke-api.errors.js';

const HEADERS = { Accept: 'application/json', 'User-Agent': `roundhouse/${version}` };

/** What to fetch, and the signal that ends the wait early. */
interface Wish {
  readonly category: string | undefined;
  readonly signal: AbortSignal;
}

/** The API at `API_BASE_URL`, in the shape of api.chucknorris.io. */
@Injectable()
export class JokeApi {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * A random joke, of a category or of any.
   * @throws JokeApiTimeoutError after 10 s
   * @throws NoSuchCategoryError
   * @throws JokeApiError when there is no joke to be had; the signal's reason once it has fired
   */
  async random({ category, signal }: Wish): Promise<FetchedJoke> {
    const timeout = AbortSignal.timeout(HTTP_TIMEOUT_SECONDS * 1000);
    try {
      const response = await fetch(this.address(category), {
        headers: HEADERS,
        signal: AbortSignal.any([signal, timeout]),
      });
      await refuseFailure(response, category);
      return await readJoke(response);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (timeout.aborted) throw timedOut(error);
      throw error instanceof JokeApiError ? error : unreachable(error);
    }
  }

  private address(category: string | undefined): string {
    const query = category === undefined ? '' : `?category=${encodeURIComponent(category)}`;
    return `${this.config.jokes.baseUrl}/jokes/random${query}`;
  }
}

async function refuseFailure(response: Response, category: string | undefined): Promise<void> {
  const { ok, status } = response;
  if (ok) return;
  await response.body?.cancel();
  if (status === 404 && category !== undefined) {
    throw new NoSuchCategoryError(
      `The joke API has no category "${category}": submit the job with one it has`,
    );
  }
  throw new JokeApiError(
    `The joke API answered with status ${status}: it is out of order, or API_BASE_URL is wrong`,
  );
}

function timedOut(cause: unknown): JokeApiTimeoutError {
  return new JokeApiTimeoutError(`The joke API did not answer within ${HTTP_TIMEOUT_SECONDS} s`, { cause });
}

/** Fetch says "fetch failed" and keeps what it means in the cause. Its own message may hold the address. */
function unreachable(error: unknown): JokeApiError {
  return new JokeApiError(
    `The joke API cannot be reached${codeOf((error as Error).cause)}: check API_BASE_URL and the network`,
    {
      cause: error,
    },
  );
}
