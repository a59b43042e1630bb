import { RoundhouseError } from '../errors.js';

/** Thrown by a handler: no other attempt can do better, and the job is FAILED at once. */
export class PermanentFailure extends RoundhouseError {
  override readonly name = 'PermanentFailure';
}

/** Thrown by a handler: the job runs again later, and this attempt does not count. */
export class RetryLater extends RoundhouseError {
  override readonly name = 'RetryLater';

  /** @param delay seconds, 0 to 2,592,000 (30 days) */
  constructor(readonly delay: number) {
    super(`Runs again in ${delay} s.`);
  }
}

/** The reason of a task's signal: the job is to be cancelled, is not held any more, or the worker stops. */
export class TaskAbortedError extends RoundhouseError {
  override readonly name = 'TaskAbortedError';

  constructor(readonly why: 'cancelled' | 'lost' | 'stopping') {
    super(`The work is to be given up: ${WHY[why]}.`);
  }
}

const WHY = {
  cancelled: 'somebody cancels the job',
  lost: 'the job is not held any more, and may run elsewhere',
  stopping: 'the worker stops, and the job runs again elsewhere',
};
