/** A signal that fires with another one, or when its time is up. */
export interface Bounded {
  readonly signal: AbortSignal;
  /** Whether its time was up first. */
  readonly isOverdue: boolean;
  /** Fires. */
  abort(): void;
  /** Stops the clock; the other signal still counts. */
  stopClock(): void;
  /** Forgets both, so that nothing is kept that waits for them. */
  release(): void;
}

/**
 * By hand, since `AbortSignal.any` is missing in the first Node.js 20 and in browsers before 2024.
 * @param ms undefined = for ever
 */
export function bounded(outer: AbortSignal | undefined, ms: number | undefined): Bounded {
  const aborting = new AbortController();
  let isOverdue = false;
  const follow = () => {
    aborting.abort(outer?.reason);
  };
  if (outer?.aborted) follow();
  outer?.addEventListener('abort', follow, { once: true });
  const clock =
    ms === undefined
      ? undefined
      : setTimeout(() => {
          isOverdue = !aborting.signal.aborted;
          aborting.abort(new Error(`Nothing came within ${ms} ms.`));
        }, ms);
  const stopClock = () => {
    clearTimeout(clock);
  };
  return {
    signal: aborting.signal,
    get isOverdue() {
      return isOverdue;
    },
    abort: () => {
      aborting.abort();
    },
    stopClock,
    release: () => {
      stopClock();
      outer?.removeEventListener('abort', follow);
    },
  };
}
