import { Injectable } from '@nestjs/common';
import type { JobError } from '../job-error.js';
import {
  type BackoffPolicy,
  type BackoffStrategy,
  type RetryDecision,
  policyFault,
} from './backoff-policy.js';
import { ConstantBackoff } from './constant-backoff.js';
import { CustomBackoff } from './custom-backoff.js';
import { ExponentialBackoff } from './exponential-backoff.js';
import { FormulaBackoff } from './formula-backoff.js';
import { LinearBackoff } from './linear-backoff.js';

/** Asks the strategy that a policy names. */
@Injectable()
export class Backoff implements BackoffStrategy {
  private readonly strategies: Record<BackoffPolicy['strategy'], BackoffStrategy<never>>;

  constructor(
    exponential: ExponentialBackoff,
    constant: ConstantBackoff,
    linear: LinearBackoff,
    formula: FormulaBackoff,
    private readonly custom: CustomBackoff,
  ) {
    this.strategies = { exponential, constant, linear, formula, custom };
  }

  decide(policy: BackoffPolicy, attempt: number, error: JobError | null): RetryDecision {
    // A newer build may have stored a strategy that this one does not have.
    const { strategy } = policy;
    const asked = Object.hasOwn(this.strategies, strategy) ? this.strategies[strategy] : this.custom;
    return asked.decide(policy as never, attempt, error);
  }

  /** What is wrong with a policy, as the end of a sentence about its job type, or undefined. */
  faultOf(policy: BackoffPolicy): string | undefined {
    if (!Object.hasOwn(this.strategies, policy.strategy)) {
      return `has the backoff strategy "${String(policy.strategy)}"; there are ${Object.keys(this.strategies).join(', ')}`;
    }
    return policyFault(policy) ?? (policy.strategy === 'custom' ? this.custom.faultOf(policy) : undefined);
  }
}
