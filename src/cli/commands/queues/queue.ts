import { ago, spoken } from '../../output/times.js';

interface LimitAnswer {
  readonly rate: string | null;
  readonly burst: number;
  readonly concurrency: number | null;
}

/** A queue, as it is shown. */
export interface QueueAnswer {
  readonly name: string;
  readonly paused: { since: string; by: string; reason: string | null; until: string | null } | null;
  readonly dead_letter_queue: string | null;
  readonly retention: string | null;
  readonly limits: (LimitAnswer & { readonly per_key: LimitAnswer | null }) | null;
  readonly limit_usage: { running: number; next_start_at: string | null; keys_held_back: number } | null;
  readonly depth: Readonly<Record<string, number>>;
  readonly oldest_waiting: { job_id: string; age_seconds: number } | null;
  readonly rates: { readonly last_minute: { submitted: number; completed: number; failed: number } };
  readonly seconds_to_drain: number | null;
  readonly live_workers: number;
}

/** What is said of a pause. */
export function pauseOf({ paused }: QueueAnswer): string | null {
  if (!paused) return null;
  const until = paused.until === null ? '' : ` until ${paused.until}`;
  const reason = paused.reason === null ? '' : `: ${paused.reason}`;
  return `paused ${ago(paused.since)}${until} by ${paused.by}${reason}`;
}

/** What is said of limits. */
export function limitsOf({ limits }: QueueAnswer): string | null {
  if (!limits) return null;
  const { per_key: perKey } = limits;
  return [said(limits), perKey && `of each key ${said(perKey)}`].filter(Boolean).join('; ') || null;
}

/** How old the oldest waiting job is. */
export function oldestOf({ oldest_waiting: oldest }: QueueAnswer): string | null {
  return oldest && spoken(oldest.age_seconds);
}

function said({ rate, burst, concurrency }: LimitAnswer): string {
  const parts = [
    rate,
    rate !== null && burst > 1 && `bursts of ${burst}`,
    concurrency !== null && `${concurrency} at once`,
  ];
  return parts.filter(Boolean).join(', ');
}
