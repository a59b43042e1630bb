import type { JobError } from '../job-error.js';

/** Waits that double: `min(baseDelay × 2^(k−2), maxDelay)` seconds before execution k. */
export interface ExponentialPolicy {
  readonly strategy: 'exponential';
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

/** How the retries of a job wait, as it is stored with the job or declared by its type. */
export type BackoffPolicy = ExponentialPolicy | FormulaPolicy;

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
