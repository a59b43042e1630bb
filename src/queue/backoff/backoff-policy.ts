import type { JobError } from '../job-error.js';

/** Waits that double: `min(baseDelay × 2^(k−2), maxDelay)` seconds before execution k. */
export interface ExponentialPolicy {
  readonly strategy: 'exponential';
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** The fraction of a wait that may be added at random, 0 to 1. */
  readonly jitter: number;
}

/** The same wait every time: `delay` seconds. */
export interface ConstantPolicy {
  readonly strategy: 'constant';
  readonly delay: number;
  /** The fraction of a wait that may be added at random, 0 to 1. */
  readonly jitter: number;
}

/** Waits that grow by the same step: `min(baseDelay × (k−1), maxDelay)` seconds before execution k. */
export interface LinearPolicy {
  readonly strategy: 'linear';
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** The fraction of a wait that may be added at random, 0 to 1. */
  readonly jitter: number;
}

/** Waits from a formula: `wait + linearWait·(k−1) + exponentialWait^(k−1)` seconds before execution k. */
export interface FormulaPolicy {
  readonly strategy: 'formula';
  readonly wait: number;
  readonly linearWait: number;
  readonly exponentialWait: number;
}

/** Waits that a provider of the user's decides: the one declared with `@BackoffStrategyProvider(name)`. */
export interface CustomPolicy {
  readonly strategy: 'custom';
  readonly name: string;
  /** What else the provider wants to know; JSON, since it may be stored with a job. */
  readonly [parameter: string]: unknown;
}

/** How the retries of a job wait, as it is stored with the job or declared by its type. */
export type BackoffPolicy = ExponentialPolicy | ConstantPolicy | LinearPolicy | FormulaPolicy | CustomPolicy;

/** Whether and when a failed job runs again. */
export type RetryDecision = { readonly delayMs: number } | 'end';

/** A way to space retries: pure, so that the same input gives the same answer (but for jitter). */
export interface BackoffStrategy<Policy extends BackoffPolicy = BackoffPolicy> {
  /**
   * @param attempt the execution that has just failed, from 1 on
   * @returns the wait before the next one, or `end` when no other may follow
   */
  decide(policy: Policy, attempt: number, error: JobError | null): RetryDecision;
}

/** No wait is longer than 30 days (s): a power grows past every calendar within a few dozen attempts. */
export const LONGEST_WAIT_SECONDS = 30 * 24 * 3600;

/** What is wrong with the numbers of a policy, or undefined. */
export function policyFault(policy: BackoffPolicy): string | undefined {
  const { strategy, ...parameters } = policy;
  if (strategy === 'custom') return undefined;
  for (const [name, value] of Object.entries(parameters)) {
    const most = name === 'jitter' ? 1 : LONGEST_WAIT_SECONDS;
    if (typeof value !== 'number' || !(value >= 0 && value <= most)) {
      return `has a ${strategy} backoff whose ${name} is ${String(value)}; it must be a number from 0 to ${most}`;
    }
  }
  if ('maxDelay' in policy && policy.maxDelay < policy.baseDelay) {
    return `has a ${strategy} backoff whose maxDelay (${policy.maxDelay}) is below its baseDelay (${policy.baseDelay})`;
  }
  return undefined;
}
