import { Injectable } from '@nestjs/common';
import type { JobError } from '../job-error.js';
import type { BackoffPolicy, BackoffStrategy, RetryDecision } from './backoff-policy.js';
import { ExponentialBackoff } from './exponential-backoff.js';
import { FormulaBackoff } from './formula-backoff.js';

/** Asks the strategy that a policy names. */
@Injectable()
export class Backoff implements BackoffStrategy {
  private readonly strategies: Record<BackoffPolicy['strategy'], BackoffStrategy<never>>;

  constructor(exponential: ExponentialBackoff, formula: FormulaBackoff) {
    this.strategies = { exponential, formula };
  }

  decide(policy: BackoffPolicy, attempt: number, error: JobError | null): RetryDecision {
    return this.strategies[policy.strategy].decide(policy as never, attempt, error);
  }
}
