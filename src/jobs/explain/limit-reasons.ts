import type { LimitUsage } from '../../queue/index.js';
import type { Circumstances } from './circumstances.js';
import type { ReasonResponse } from './explanation.response.js';

/** The limits of its queue and its key that nothing more may start by right now. */
export function limitReached(job: Circumstances): ReasonResponse[] {
  const { queue, limitKey, limits, scheduledAt, now } = job;
  if (!limits || scheduledAt > now) return [];
  const change = `PATCH /queues/${queue} changes its limits.`;
  const ofQueue = reasonsOf(limits.queue, `Queue "${queue}"`, change);
  if (limitKey === null || !limits.key) return ofQueue;
  const ofKey = reasonsOf(limits.key, `Key "${limitKey}" of queue "${queue}"`, change);
  for (const reason of ofKey) reason.limit_key = limitKey;
  return [...ofQueue, ...ofKey];
}

function reasonsOf(
  { limit, running, nextStartAt }: LimitUsage,
  whose: string,
  change: string,
): ReasonResponse[] {
  const reasons: ReasonResponse[] = [];
  if (limit.concurrency !== null && running >= limit.concurrency) {
    const detail =
      `${whose} may run ${plural(limit.concurrency, 'job')} at once, and ${running} ${running === 1 ? 'does' : 'do'}: ` +
      `the next starts when one has ended. ${change}`;
    reasons.push({ code: 'limit', detail, running });
  }
  if (limit.rate !== null && nextStartAt) {
    const until = nextStartAt.toISOString();
    const detail = `${whose} may start ${limit.rate}: the next may start at ${until}. ${change}`;
    reasons.push({ code: 'limit', detail, until });
  }
  return reasons;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
