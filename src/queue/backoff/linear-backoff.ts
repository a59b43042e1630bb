import { Inject, Injectable } from '@nestjs/common';
import type { BackoffStrategy, LinearPolicy, RetryDecision } from './backoff-policy.js';
import { RANDOM, type Random } from './random.js';

/**
 * Linear backoff with a cap: the wait before execution k (k ≥ 2) is `min(baseDelay × (k−1), maxDelay)` seconds.
 * Jitter only ever adds, up to `jitter` of that wait.
 */
@Injectable()
export class LinearBackoff implements BackoffStrategy<LinearPolicy> {
  constructor(@Inject(RANDOM) private readonly random: Random) {}

  decide({ baseDelay, maxDelay, jitter }: LinearPolicy, attempt: number): RetryDecision {
    const seconds = Math.min(baseDelay * attempt, maxDelay);
    return { delayMs: Math.round(seconds * (1 + jitter * this.random()) * 1000) };
  }
}
