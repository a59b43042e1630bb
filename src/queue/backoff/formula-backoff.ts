import { Injectable } from '@nestjs/common';
import type { BackoffStrategy, FormulaPolicy, RetryDecision } from './backoff-policy.js';

/** No wait is longer than 30 days: a power grows past every calendar within a few dozen attempts. */
const LONGEST_WAIT_SECONDS = 30 * 24 * 3600;

/** Procrastinate's strategy: `wait + linearWait·(k−1) + exponentialWait^(k−1)` seconds before execution k. */
@Injectable()
export class FormulaBackoff implements BackoffStrategy<FormulaPolicy> {
  decide(policy: FormulaPolicy, attempt: number): RetryDecision {
    const power = policy.exponentialWait === 0 ? 0 : policy.exponentialWait ** attempt;
    const seconds = policy.wait + policy.linearWait * attempt + power;
    return { delayMs: Math.round(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000) };
  }
}
