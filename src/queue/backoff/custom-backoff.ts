import { Injectable, Logger, SetMetadata } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { didYouMean, messageOf } from '../../common/index.js';
import type { JobError } from '../job-error.js';
import {
  type BackoffStrategy,
  type CustomPolicy,
  LONGEST_WAIT_SECONDS,
  type RetryDecision,
} from './backoff-policy.js';
import { ExponentialBackoff } from './exponential-backoff.js';

/** The metadata key under which the declaration is found again. */
const BACKOFF_STRATEGY = 'roundhouse:backoff-strategy';

/** When a strategy is gone or fails: the job still has to wait somehow. */
const FALLBACK = { strategy: 'exponential', baseDelay: 1, maxDelay: 300, jitter: 0.1 } as const;

/** Declares a provider (a `BackoffStrategy<CustomPolicy>`) as the strategy that policies of this name ask. */
export const BackoffStrategyProvider = (name: string): ClassDecorator => SetMetadata(BACKOFF_STRATEGY, name);

/** Asks the users' own strategies, which are found among all providers. */
@Injectable()
export class CustomBackoff implements BackoffStrategy<CustomPolicy> {
  private readonly logger = new Logger(CustomBackoff.name);
  private found: Map<string, BackoffStrategy<CustomPolicy>> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly fallback: ExponentialBackoff,
  ) {}

  /** A strategy that fails, or answers with no wait at all, must not cost the job: it waits as most jobs do. */
  decide(policy: CustomPolicy, attempt: number, error: JobError | null): RetryDecision {
    try {
      return this.ask(policy, attempt, error);
    } catch (failure) {
      this.logger.error(`${messageOf(failure)}; the job waits by the exponential default instead`);
      return this.fallback.decide(FALLBACK, attempt);
    }
  }

  /** What is wrong with a policy, or undefined; it is asked once, for a first failure. */
  faultOf(policy: CustomPolicy): string | undefined {
    try {
      this.ask(policy, 1, null);
      return undefined;
    } catch (failure) {
      return `has a backoff that does not work: ${messageOf(failure)}`;
    }
  }

  private ask(policy: CustomPolicy, attempt: number, error: JobError | null): RetryDecision {
    const strategy = this.strategies.get(policy.name);
    if (!strategy) throw this.unknown(String(policy.name));
    const decision = strategy.decide(policy, attempt, error);
    if (decision === 'end') return decision;
    const { delayMs } = decision;
    if (!(delayMs >= 0))
      throw new Error(
        `The backoff strategy "${policy.name}" answered with a wait of ${String(delayMs)} ms: it must answer "end" or {delayMs} of 0 or more`,
      );
    return { delayMs: Math.round(Math.min(delayMs, LONGEST_WAIT_SECONDS * 1000)) };
  }

  private unknown(name: string): Error {
    const hint =
      didYouMean(name, [...this.strategies.keys()]) ||
      ` Declare a provider with @BackoffStrategyProvider('${name}').`;
    return new Error(`There is no backoff strategy "${name}".${hint}`);
  }

  /** Looked up at the first question: by then every provider of the application exists. */
  private get strategies(): Map<string, BackoffStrategy<CustomPolicy>> {
    this.found ??= this.findAll();
    return this.found;
  }

  private findAll(): Map<string, BackoffStrategy<CustomPolicy>> {
    const found = new Map<string, BackoffStrategy<CustomPolicy>>();
    for (const { instance } of this.discovery.getProviders()) {
      const constructor = (instance as object | undefined)?.constructor;
      const name = constructor && this.reflector.get<string | undefined>(BACKOFF_STRATEGY, constructor);
      if (name === undefined) continue;
      if (found.has(name)) throw new Error(`The backoff strategy "${name}" is declared twice`);
      found.set(name, instance as BackoffStrategy<CustomPolicy>);
    }
    return found;
  }
}
