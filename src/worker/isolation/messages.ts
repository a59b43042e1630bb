import type { ClaimedJob, JobEventMap, Outcome } from '../../queue/index.js';
import type { AttemptAborted } from '../job-control.errors.js';

/** What a worker and the processes in which it runs single attempts tell each other. */

/** Things that happen to jobs in an isolated process and that its worker counts. */
export type ToldEvent = 'enqueued' | 'settled';

export type ToProcess =
  | { readonly run: ClaimedJob }
  /** The handler's signal is to fire. */
  | { readonly abort: Pick<AttemptAborted, 'reason' | 'message'> };

export type ToWorker =
  | { readonly ready: true }
  | { readonly ended: EndedAttempt }
  | { readonly event: ToldEvent; readonly args: JobEventMap[ToldEvent] }
  /** What nobody caught, said just before the process dies of it. */
  | { readonly lastWords: string };

/** How a handler ended, judged where its errors' classes are known. */
export interface EndedAttempt {
  readonly outcome: Outcome;
  /** The handler decided so itself, and didn't just fail. */
  readonly isDecision: boolean;
  /** It has completed the job in a transaction of its own. */
  readonly hasCompleted: boolean;
}
