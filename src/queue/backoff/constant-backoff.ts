import { Inject, Injectable } from '@nestjs/common';
import type { BackoffStrategy, ConstantPolicy, RetryDecision } from './backoff-policy.js';
import { RANDOM, type Random } from './random.js';

/** The same wait before every retry; jitter only ever adds, up to `jitter` of it. */
@Injectable()
export class ConstantBackoff implements BackoffStrategy<ConstantPolicy> {
  constructor(@Inject(RANDOM) private readonly random: Random) {}

  decide({ delay, jitter }: ConstantPolicy): RetryDecision {
    return { delayMs: Math.round(delay * (1 + jitter * this.random()) * 1000) };
  }
}
