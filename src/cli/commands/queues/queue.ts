import { ago, spoken } from '../../output/times.js';

interface LimitAnswer {
  readonly rate: string | null;
  readonly burst: number;
  readonly concurrency: number | null;
}

interface Attainment {
  readonly jobs: number;
  readonly attained: number | null;
}

/** A queue, as it is shown. */
export interface QueueAnswer {
  readonly name: string;
  readonly paused: { since: string; by: string; reason: string | null; until: string | null } | null;
  readonly dead_letter_queue: string | null;
  readonly retention: string | null;
  readonly limits: (LimitAnswer & { readonly per_key: LimitAnswer | null }) | null;
  readonly limit_usage: { running: number; next_start_at: string | null; keys_held_back: number } | null;
  readonly max_waiting: number | null;
  readonly objective: { start_within: number; target: number } | null;
  readonly objective_status: {
    late_now: number;
    budget_left: number;
    last_hour: Attainment;
    last_3_days: Attainment;
  } | null;
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

/** What is said of an objective, and of how it is kept. */
export function objectiveOf({ objective, objective_status: status }: QueueAnswer): string | null {
  if (!objective) return null;
  const wanted = `${percent(objective.target)} start within ${objective.start_within} s`;
  if (!status) return wanted;
  const kept = [
    attainedIn(status.last_hour, 'the last hour'),
    attainedIn(status.last_3_days, 'three days'),
    status.late_now > 0 && `${status.late_now} late now`,
  ];
  return [wanted, ...kept].filter(Boolean).join(', ');
}

function attainedIn({ jobs, attained }: Attainment, span: string): string | null {
  return attained === null ? null : `${percent(attained)} of ${jobs} did in ${span}`;
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
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
