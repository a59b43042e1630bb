import { type JobContext, JobHandler } from '../worker/index.js';
import { type CachedJoke, JokesService } from './jokes.service.js';

const DAY_SECONDS = 86_400;

/** None: whatever is sent is ignored. */
class ScheduledFetchPayload {
  [key: string]: unknown;
}

/** Fetches a random joke because it is time for one. */
@JobHandler({
  type: 'scheduled_fetch_random_joke',
  description: 'Fetches a random joke and keeps it; enqueued every two minutes.',
  payload: ScheduledFetchPayload,
  example: {},
  unique: { by: ['type'], while: 'waiting', onConflict: 'return' },
  policy: ({ jobs }) => ({
    maxAttempts: 3,
    backoff: { strategy: 'exponential', baseDelay: 2, maxDelay: 60, jitter: jobs.jitter },
    timeoutSeconds: DAY_SECONDS,
  }),
})
export class ScheduledFetchHandler {
  constructor(private readonly jokes: JokesService) {}

  run(job: JobContext<ScheduledFetchPayload>): Promise<CachedJoke> {
    return this.jokes.fetchAndCache(job);
  }
}
