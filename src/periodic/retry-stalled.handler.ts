import { JobHandler, Recovery } from '../worker/index.js';
import { NoPayload } from './no-payload.js';

const DAY_SECONDS = 86_400;

/** Takes jobs back from dead workers, beside what every worker does continuously. */
@JobHandler({
  type: 'retry_stalled_jobs',
  description: 'Takes jobs back from workers that are gone, so that they run again.',
  payload: NoPayload,
  example: {},
  unique: { by: ['type'], while: 'waiting', onConflict: 'return' },
  policy: ({ jobs }) => ({
    maxAttempts: 3,
    backoff: { strategy: 'exponential', baseDelay: 5, maxDelay: 60, jitter: jobs.jitter },
    timeoutSeconds: DAY_SECONDS,
  }),
})
export class RetryStalledHandler {
  constructor(private readonly recovery: Recovery) {}

  async run(): Promise<{ recovered: number }> {
    const { recovered } = await this.recovery.recover();
    return { recovered };
  }
}
