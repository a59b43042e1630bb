/** What a workflow has counted. */
export interface Counters {
  readonly jobs: number;
  readonly open: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** The jobs of it that are there. */
export interface Present {
  readonly open: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly completed: number;
}

/**
 * The counters as they should be. Jobs that ended and were deleted since are remembered as they had been counted; those
 * that somebody deleted before their end count as cancelled, since they will never run. Pure.
 */
export function recounted(counted: Counters, present: Present): Omit<Counters, 'jobs'> {
  const completed = counted.jobs - counted.open - counted.failed - counted.cancelled;
  const known = {
    failed: Math.max(counted.failed, present.failed),
    cancelled: Math.max(counted.cancelled, present.cancelled),
    completed: Math.max(completed, present.completed),
  };
  let excess = present.open + known.failed + known.cancelled + known.completed - counted.jobs;
  if (excess < 0) return { open: present.open, failed: known.failed, cancelled: known.cancelled - excess };
  // Some have come back: what is counted as ended and is not there any more is what came back.
  const giveBack = (count: number, there: number) => {
    const given = Math.min(Math.max(0, excess), count - there);
    excess -= given;
    return count - given;
  };
  const failed = giveBack(known.failed, present.failed);
  const cancelled = giveBack(known.cancelled, present.cancelled);
  return { open: present.open, failed, cancelled };
}
