import { retryAfterSeconds } from '../../egress/index.js';

/** What came of one request. */
export interface Attempt {
  /** Undefined = there was no answer. */
  readonly status: number | undefined;
  /** The beginning of the answer's body. */
  readonly body: string | undefined;
  readonly retryAfter: string | undefined;
  readonly durationMs: number;
  /** Why there was no answer. */
  readonly error: string | undefined;
}

/** What an attempt means for its delivery. */
export interface Verdict {
  /** Undefined = it arrived. */
  readonly error: string | undefined;
  /** Seconds for which the receiver wants to be left alone. */
  readonly waitAsked?: number | undefined;
  /** The receiver wants nothing any more. */
  readonly isGone?: boolean;
}

/** Statuses whose `Retry-After` is obeyed. */
const BUSY = [429, 503];
const GONE = 410;

/** @param now epoch ms */
export function verdictOf({ status, retryAfter, error }: Attempt, now: number): Verdict {
  if (status === undefined) return { error: error ?? 'There was no answer' };
  if (status >= 200 && status < 300) return { error: undefined };
  if (status === GONE) return { error: 'The receiver answered 410 Gone: it wants no more', isGone: true };
  if (status >= 300 && status < 400) {
    return {
      error: `The receiver answered with a redirect (${status}), and none is followed: name the address it leads to`,
    };
  }
  const waitAsked = BUSY.includes(status) ? retryAfterSeconds(retryAfter, now) : undefined;
  const wish = waitAsked === undefined ? '' : ` and asked to be left alone for ${waitAsked} s`;
  return { error: `The receiver answered with status ${status}${wish}`, waitAsked };
}
