import type { JobError } from '../job-error.js';
import type { Job } from '../job.entity.js';

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: 'completed'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly error: JobError; readonly permanent?: boolean }
  | { readonly kind: 'timed_out'; readonly error: JobError }
  /** The worker died; nobody knows how far it came. */
  | { readonly kind: 'interrupted'; readonly error: JobError }
  /** Given back, unstarted or unfinished, by a worker that stops. */
  | { readonly kind: 'released' }
  /** The handler asked for another time. */
  | { readonly kind: 'snoozed'; readonly delayMs: number }
  /** With an error when the handler said why. */
  | { readonly kind: 'cancelled'; readonly error?: JobError };

/** The claim an outcome belongs to: no other attempt may write it. */
export type Claim = Pick<Job, 'id' | 'type' | 'queue' | 'attempts' | 'maxAttempts' | 'backoff'>;

/** An attempt and how it ended. */
export interface AttemptOutcome {
  readonly claim: Claim;
  readonly outcome: Outcome;
}
