import { NoSuchCategoryError } from './joke-api.errors.js';
import { type JobContext, JobHandler } from '../worker/index.js';
import { FetchJokePayload } from './fetch-joke.payload.js';
import { type CachedJoke, JokesService } from './jokes.service.js';

/** Fetches a joke because somebody asked for one. */
@JobHandler({
  type: 'fetch_and_cache_joke',
  aliases: ['fetch-joke'],
  queue: 'api_calls',
  description: 'Fetches a random joke from the joke API and keeps it.',
  payload: FetchJokePayload,
  example: { category: 'dev' },
  policy: ({ jokes, jobs }) => ({
    maxAttempts: jokes.maxAttempts,
    backoff: {
      strategy: 'exponential',
      baseDelay: jokes.baseDelaySeconds,
      maxDelay: jokes.maxDelaySeconds,
      jitter: jobs.jitter,
    },
    timeoutSeconds: jobs.timeoutSeconds,
    failOn: [NoSuchCategoryError],
  }),
  // Asked before the payload is validated.
  summary: ({ category }) => `Category: ${typeof category === 'string' ? category : 'random'}`,
})
export class FetchJokeHandler {
  constructor(private readonly jokes: JokesService) {}

  run(job: JobContext<FetchJokePayload>): Promise<CachedJoke> {
    return this.jokes.fetchAndCache(job, job.payload.category ?? undefined);
  }
}
