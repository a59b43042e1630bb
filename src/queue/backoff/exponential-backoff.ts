import { Inject, Injectable } from '@nestjs/common';
import type { BackoffStrategy, ExponentialPolicy, RetryDecision } from './backoff-policy.js';
import { RANDOM, type Random } from './random.js';

/** 2^1023 is the last power a number holds; infinity times a base delay of 0 would be no number at all. */
const LARGEST_EXPONENT = 1023;

/**
 * Exponential backoff with a cap: the wait before execution k (k ≥ 2) is
 * `min(baseDelay × 2^(k−2), maxDelay)` seconds. Jitter only ever adds, up to `jitter` of that wait, so that
 * a wait is never shorter than the table says.
 */
@Injectable()
export class ExponentialBackoff implements BackoffStrategy<ExponentialPolicy> {
  constructor(@Inject(RANDOM) private readonly random: Random) {}

  decide(policy: ExponentialPolicy, attempt: number): RetryDecision {
    const seconds = Math.min(
      policy.baseDelay * 2 ** Math.min(attempt - 1, LARGEST_EXPONENT),
      policy.maxDelay,
    );
    return { delayMs: Math.round(seconds * (1 + policy.jitter * this.random()) * 1000) };
  }
}
