/** How deliveries are tried again. */
export interface Schedule {
  /** Seconds before the second try, the third … */
  readonly delays: readonly number[];
  /** The fraction of a wait that may be added to it. */
  readonly jitter: number;
}

/**
 * Seconds before the next try; undefined = there is none.
 * @param tries how many there were
 * @param asked what the receiver has asked for (s): waits are no shorter
 * @param random from 0 to 1
 */
export function nextDelay(
  { delays, jitter }: Schedule,
  tries: number,
  asked: number | undefined,
  random: number,
): number | undefined {
  const delay = delays[tries - 1];
  return delay === undefined ? undefined : Math.max(delay, asked ?? 0) * (1 + jitter * random);
}

const LONGEST_TURN = 3_600;

/**
 * Seconds after which a delivery to an endpoint that is left alone asks again whether it may go. Longer the longer the
 * endpoint has been failing, up to an hour, since thousands may ask, and each time is on record.
 */
export function turnIn(
  { heldFor, failingFor }: { heldFor: number; failingFor: number },
  least: number,
): number {
  return Math.max(heldFor, least / 2, Math.min(failingFor / 4, LONGEST_TURN));
}
