import { Injectable } from '@nestjs/common';
import {
  type BackoffStrategy,
  type FormulaPolicy,
  LONGEST_WAIT_SECONDS,
  type RetryDecision,
} from './backoff-policy.js';

/** Procrastinate's strategy: `wait + linearWait·(k−1) + exponentialWait^(k−1)` seconds before execution k. */
@Injectable()
export class FormulaBackoff implements BackoffStrategy<FormulaPolicy> {
  decide(policy: FormulaPolicy, attempt: number): RetryDecision {
    const power = policy.exponentialWait === 0 ? 0 : policy.exponentialWait ** attempt;
    const seconds = policy.wait + policy.linearWait * attempt + power;
    return { delayMs: Math.round(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000) };
  }
}
