import { ago } from '../../output/times.js';

/** A schedule, as it is shown. */
export interface ScheduleAnswer {
  readonly name: string;
  readonly state: 'active' | 'paused' | 'ended';
  readonly cron: string | null;
  readonly rrule: string | null;
  readonly timezone: string;
  readonly missed: string;
  readonly job: Readonly<Record<string, unknown>> | null;
  readonly workflow: Readonly<Record<string, unknown>> | null;
  readonly paused: { since: string; by: string; reason: string | null } | null;
  readonly next_run_at: string | null;
  readonly last_run_at: string | null;
  readonly last_job_id: string | null;
  readonly last_workflow_id: string | null;
  readonly last_error: { message: string; at: string } | null;
}

/** When it fires, as it was said. */
export function timingOf({ cron, rrule }: ScheduleAnswer): string {
  return cron ?? rrule ?? '';
}

/** What it starts. */
export function whatOf({ job, workflow }: ScheduleAnswer): string {
  const type = job?.type;
  return workflow ? 'a workflow' : typeof type === 'string' ? type : 'echo';
}

/** What is said of a pause. */
export function pauseOf({ paused }: ScheduleAnswer): string | null {
  return (
    paused &&
    `paused ${ago(paused.since)} by ${paused.by}${paused.reason === null ? '' : `: ${paused.reason}`}`
  );
}
