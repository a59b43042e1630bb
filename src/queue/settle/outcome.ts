import type { JobError } from '../job-error.js';
import type { Job } from '../job.entity.js';

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: 'completed'; readonly result: unknown }
  | {
      readonly kind: 'failed';
      readonly error: JobError;
      readonly permanent?: boolean;
      /** The circuit of its type counts no such error. */
      readonly isUncounted?: boolean;
    }
  | { readonly kind: 'timed_out'; readonly error: JobError }
  /** The attempt was lost; nobody knows how far it came. */
  | { readonly kind: 'interrupted'; readonly error: JobError; readonly evidence?: Evidence }
  /** Given back, unstarted or unfinished, by a worker that stops. */
  | { readonly kind: 'released' }
  /** The handler asked for another time. */
  | { readonly kind: 'snoozed'; readonly delayMs: number }
  /** With an error when the handler said why. */
  | { readonly kind: 'cancelled'; readonly error?: JobError };

const FAULTS: ReadonlySet<Outcome['kind']> = new Set(['failed', 'timed_out', 'interrupted']);

/** Whether something went wrong; with a released or snoozed attempt nothing did. */
export function isFault(kind: Outcome['kind']): boolean {
  return FAULTS.has(kind);
}

/**
 * What the loss of an attempt says about its job. `alone`: the process in which it ran alone died of itself. `none`: it
 * had not begun. Without either its worker was lost, with all that ran there: any of those jobs may be the cause.
 */
export type Evidence = 'alone' | 'none';

/** The claim an outcome belongs to: no other attempt may write it. How often it was lost alone matters only to who runs it,
 * and that its end makes room for others only spares a try. */
export type Claim = Pick<Job, 'id' | 'type' | 'queue' | 'attempts' | 'maxAttempts' | 'backoff'> &
  Partial<Pick<Job, 'interruptionsAlone' | 'limited'>>;

/** An attempt and how it ended. */
export interface AttemptOutcome {
  readonly claim: Claim;
  readonly outcome: Outcome;
}

/** Somebody holds a row or a lock that these outcomes need; all others were written. */
export class OutcomesHeldError extends Error {
  constructor(
    readonly held: readonly AttemptOutcome[],
    cause: unknown,
  ) {
    super(`${held.length} outcomes wait for a transaction of somebody else`, { cause });
    this.name = 'OutcomesHeldError';
  }
}
