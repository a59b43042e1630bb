/** What a handler throws to decide itself what becomes of its job. */

export { PermanentFailure } from '../queue/index.js';

/** The job runs again after a delay; the attempt ends as snoozed and spends no budget. */
export class RetryLater extends Error {
  override readonly name: string = 'RetryLater';

  /**
   * @param delay seconds, or the time of the next attempt; what has passed means now, and nothing is put off for
   *   longer than 30 days at a time
   * @throws RangeError when it is neither
   */
  constructor(
    readonly delay: number | Date,
    message = 'The handler asked for another time',
  ) {
    super(message);
    if (Number.isNaN(Number(delay)))
      throw new RangeError('RetryLater takes seconds (a number) or the time of the next attempt (a Date)');
  }
}

/** The job ends CANCELLED. */
export class CancelJob extends Error {
  override readonly name: string = 'CancelJob';

  constructor(message = 'The handler cancelled the job') {
    super(message);
  }
}

type AbortCause = 'timeout' | 'shutdown' | 'cancel' | 'lease';

/** The reason of a handler's signal. */
export class AttemptAborted extends Error {
  override readonly name = 'AttemptAborted';

  constructor(
    /** `timeout`: its time is over. `cancel`: somebody cancelled the job. `shutdown`: the worker stops; the job runs elsewhere. `lease`: the worker was cut off, and the job runs elsewhere or is about to. */
    readonly reason: AbortCause,
    message: string,
  ) {
    super(message);
  }
}
