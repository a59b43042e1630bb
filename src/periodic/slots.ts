const MINUTE_MS = 60_000;

/** A job that is enqueued again and again: once for each slot, a slot being a time at which it is due. */
export interface PeriodicJob {
  readonly type: string;
  /** The distance of two slots; divides an hour, so that slots lie at the same minutes of every hour, in UTC. */
  readonly everyMinutes: number;
}

/** The cron expression that fires at every slot. */
export function cronExpression({ everyMinutes }: PeriodicJob): string {
  return everyMinutes === 60 ? '0 * * * *' : `*/${everyMinutes} * * * *`;
}

/**
 * The slot that a firing belongs to: the nearest. A timer may fire a little early, or late, or by a clock that
 * differs from the database's; none of that may skip a slot or take one twice.
 * @param now epoch milliseconds, as is the answer
 */
export function nearestSlot({ everyMinutes }: PeriodicJob, now: number): number {
  const length = everyMinutes * MINUTE_MS;
  return Math.round(now / length) * length;
}

/** The latest slot that has come. */
export function latestSlot({ everyMinutes }: PeriodicJob, now: number): number {
  const length = everyMinutes * MINUTE_MS;
  return Math.floor(now / length) * length;
}

/** The slot before another. */
export function slotBefore({ everyMinutes }: PeriodicJob, slot: number): number {
  return slot - everyMinutes * MINUTE_MS;
}
