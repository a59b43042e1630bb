import type { JsonObject } from '../queue/index.js';
import type { Timing } from './recurrence/timing.js';
import type { TargetKind } from './targets/schedule-target.js';

/** What becomes of occurrences that nobody was there for: nothing, or one run for all of them. */
export const MISSED_POLICIES = ['skip', 'once'] as const;

export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** Whether and why a schedule fires: it does, somebody paused it, or nothing is left of its rule. */
export const SCHEDULE_STATES = ['active', 'paused', 'ended'] as const;

export type ScheduleState = (typeof SCHEDULE_STATES)[number];

/** A schedule as the database knows it. */
export interface Schedule {
  /** Another one for each schedule, also for one that takes the name of one that was deleted. */
  readonly id: string;
  readonly name: string;
  /** Grows with each edit. */
  readonly version: number;
  readonly cron: string | null;
  readonly rrule: string | null;
  readonly dtstart: string | null;
  readonly timezone: string;
  readonly missed: MissedPolicy;
  readonly targetKind: TargetKind;
  readonly target: JsonObject;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly nextRunAt: Date | null;
  /** The latest occurrence that was fired, whatever came of it. */
  readonly lastRunAt: Date | null;
  /** Of the latest occurrence that something came of: its job, or its workflow. */
  readonly lastJobId: string | null;
  readonly lastWorkflowId: string | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What came of an occurrence. */
export interface ScheduleRun {
  readonly occurrence: Date;
  readonly jobId: string | null;
  readonly workflowId: string | null;
  /** Why nothing came of it. */
  readonly error: string | null;
  /** Whether it was missed and made up for. */
  readonly madeUp: boolean;
  readonly firedAt: Date;
}

/** Names a version of a schedule, for `If-Match`. */
export function etagOf({ id, version }: Pick<Schedule, 'id' | 'version'>): string {
  return `"${id.slice(-12)}-${version}"`;
}

export function stateOf({ pausedAt, nextRunAt }: Pick<Schedule, 'pausedAt' | 'nextRunAt'>): ScheduleState {
  if (pausedAt) return 'paused';
  return nextRunAt ? 'active' : 'ended';
}

/** When it fires. */
export function timingOf({
  cron,
  rrule,
  dtstart,
  timezone,
}: Pick<Schedule, 'cron' | 'rrule' | 'dtstart' | 'timezone'>): Timing {
  if (cron !== null) return { kind: 'cron', expression: cron, timezone };
  return { kind: 'rrule', rule: rrule ?? '', dtstart: dtstart ?? '', timezone };
}

/** The columns that say when it fires. */
export function columnsOf(timing: Timing): readonly [string | null, string | null, string | null, string] {
  const { timezone } = timing;
  return timing.kind === 'cron'
    ? [timing.expression, null, null, timezone]
    : [null, timing.rule, timing.dtstart, timezone];
}
