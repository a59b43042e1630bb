import type { BackoffPolicy, RetryDecision } from '../backoff/backoff-policy.js';
import type { JobError } from '../job-error.js';
import type { JobStatus } from '../job-status.js';
import type { AttemptOutcome, Claim, Outcome } from './outcome.js';

/** What settling writes: one row of the settle statement. */
export interface Settlement {
  readonly id: string;
  readonly held: JobStatus;
  readonly attempt: number;
  readonly status: JobStatus;
  readonly event: Outcome['kind'];
  readonly result: unknown;
  readonly error: JobError | null;
  readonly delay_ms: number;
  /** What is added to the limit of executions: attempts that were not the job's fault cost nothing. */
  readonly raise: number;
  readonly interruptions: number;
}

type Decide = (policy: BackoffPolicy, attempt: number, error: JobError) => RetryDecision;

/**
 * Where an outcome leads: the state machine's edges out of PROCESSING. Pure.
 * Only failed and timed out attempts spend the budget; all others raise the limit by one.
 */
export function settlementFor(
  { claim, outcome }: AttemptOutcome,
  policy: BackoffPolicy,
  decide: Decide,
): Settlement {
  const stay = {
    id: claim.id,
    held: 'PROCESSING' as const,
    attempt: claim.attempts,
    event: outcome.kind,
    result: null,
    error: null,
    delay_ms: 0,
    raise: 0,
    interruptions: 0,
  };
  switch (outcome.kind) {
    case 'completed':
      return { ...stay, status: 'COMPLETED', result: outcome.result };
    case 'cancelled':
      return { ...stay, status: 'CANCELLED', error: outcome.error ?? null };
    case 'released':
      return { ...stay, status: 'PENDING', raise: 1 };
    case 'snoozed':
      return { ...stay, status: 'PENDING', raise: 1, delay_ms: outcome.delayMs };
    case 'interrupted':
      return { ...stay, status: 'PENDING', raise: 1, interruptions: 1, error: outcome.error };
    case 'failed':
    case 'timed_out': {
      const permanent = outcome.kind === 'failed' && outcome.permanent === true;
      const retry = permanent || budgetIsSpent(claim) ? 'end' : decide(policy, claim.attempts, outcome.error);
      const next =
        retry === 'end'
          ? { status: 'FAILED' as const }
          : { status: 'PENDING' as const, delay_ms: retry.delayMs };
      return { ...stay, ...next, error: outcome.error };
    }
  }
}

function budgetIsSpent(claim: Claim): boolean {
  return claim.maxAttempts !== null && claim.attempts >= claim.maxAttempts;
}
