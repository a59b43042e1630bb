import type { BackoffPolicy, RetryDecision } from '../backoff/backoff-policy.js';
import type { JobError } from '../job-error.js';
import type { JobStatus } from '../job-status.js';
import { MOST_LOSSES_ALONE } from '../suspicion.js';
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
  readonly interruptions_alone: number;
}

type Interrupted = Extract<Outcome, { kind: 'interrupted' }>;

type Decide = (policy: BackoffPolicy, attempt: number, error: JobError) => RetryDecision;

/**
 * Where an outcome leads: the state machine's edges out of PROCESSING. Pure.
 * Only failed and timed out attempts spend the budget; all others raise the limit by one. Interruptions end a job only
 * when it was alone each time: no other can have been the cause.
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
    interruptions_alone: 0,
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
      return { ...stay, raise: 1, ...interruption(claim, outcome) };
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

function interruption({ interruptionsAlone = 0 }: Claim, { error, evidence }: Interrupted) {
  if (evidence === 'none') return { status: 'PENDING' as const, error };
  if (evidence !== 'alone') return { status: 'PENDING' as const, error, interruptions: 1 };
  const lossesAlone = interruptionsAlone + 1;
  const counted = { interruptions: 1, interruptions_alone: 1 };
  if (lossesAlone < MOST_LOSSES_ALONE) return { status: 'PENDING' as const, error, ...counted };
  const message = `Lost ${lossesAlone} times while running alone, so it is not started again by itself. The last time: ${error.message}`;
  return { status: 'FAILED' as const, error: { ...error, message }, ...counted };
}

function budgetIsSpent(claim: Claim): boolean {
  return claim.maxAttempts !== null && claim.attempts >= claim.maxAttempts;
}
