import {
  type AttemptOutcome,
  OutcomesHeldError,
  type QueueService,
  type Settled,
} from '../../src/queue/index.js';

/**
 * As a worker does it: what somebody else's transaction holds is written after it.
 * @returns the last answer: of what was held before, or of all
 */
export async function settleAll(queue: QueueService, outcomes: readonly AttemptOutcome[]): Promise<Settled> {
  for (let left = outcomes; ;) {
    try {
      return await queue.settle(left);
    } catch (error) {
      if (!(error instanceof OutcomesHeldError)) throw error;
      left = error.held;
    }
  }
}
