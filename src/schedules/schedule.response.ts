import { Choice, JsonObjectField, ListOf, Nested, NextCursor, Text, Truth } from '../common/http/index.js';
import type { JsonObject } from '../queue/index.js';
import type { ShownSchedule } from './shown-schedules.js';
import {
  MISSED_POLICIES,
  type MissedPolicy,
  SCHEDULE_STATES,
  type ScheduleRun,
  type ScheduleState,
  stateOf,
} from './schedule.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-02T08:30:00.000Z' } as const;
const id = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;

/** Why a schedule does not fire. */
export class SchedulePauseResponse {
  @Text({ description: 'When it was paused.', ...time })
  since: string;

  @Text({ description: 'By whom.', maxLength: 255, example: 'anonymous' })
  by: string;

  @Text({ description: 'Why.', maxLength: 500, nullable: true, example: 'Nobody reads the report in August' })
  reason: string | null;
}

/** What went wrong. */
export class ScheduleErrorResponse {
  @Text({ description: 'In words.', maxLength: 5000, example: 'There is no job type "reprot".' })
  message: string;

  @Text({ description: 'When.', ...time })
  at: string;
}

/** A schedule as it leaves. All fields are always present. */
export class ScheduleResponse {
  @Text({ description: 'Its name.', maxLength: 63, example: 'weekday-report' })
  name: string;

  @Choice({
    description: 'It fires (`active`), somebody paused it, or nothing is left of its rule (`ended`).',
    choices: SCHEDULE_STATES,
    example: 'active',
  })
  state: ScheduleState;

  @Text({
    description: 'Its cron expression; null when it has a rule.',
    maxLength: 200,
    nullable: true,
    example: '30 9 * * MON-FRI',
  })
  cron: string | null;

  @Text({
    description: 'Its recurrence rule; null when it has a cron expression.',
    maxLength: 1000,
    nullable: true,
  })
  rrule: string | null;

  @Text({
    description: 'Where the rule begins, in local time; null when it has a cron expression.',
    maxLength: 19,
    nullable: true,
  })
  dtstart: string | null;

  @Text({ description: 'The time zone whose clocks count.', maxLength: 64, example: 'Europe/Berlin' })
  timezone: string;

  @Choice({
    description: 'What becomes of missed occurrences.',
    choices: MISSED_POLICIES,
    example: 'skip',
  })
  missed: MissedPolicy;

  @JsonObjectField({
    description:
      'The job that is enqueued for each occurrence, as it was sent; null when that is a workflow.',
    nullable: true,
    example: { type: 'echo', payload: { hello: 'world' } },
  })
  job: JsonObject | null;

  @JsonObjectField({
    description: 'The workflow that is started for each occurrence, as it was sent; null when that is a job.',
    nullable: true,
  })
  workflow: JsonObject | null;

  @Nested({ description: 'Null unless it is paused.', of: SchedulePauseResponse, nullable: true })
  paused: SchedulePauseResponse | null;

  @Text({ description: 'Its next occurrence; null when it is paused or has ended.', ...time, nullable: true })
  next_run_at: string | null;

  @Text({ description: 'The latest occurrence that was fired.', ...time, nullable: true })
  last_run_at: string | null;

  @Text({
    description: 'The job of the latest occurrence that anything came of; null when that was a workflow.',
    ...id,
    nullable: true,
  })
  last_job_id: string | null;

  @Text({
    description: 'The workflow of the latest occurrence that anything came of; null when that was a job.',
    ...id,
    nullable: true,
  })
  last_workflow_id: string | null;

  @Nested({
    description: 'What went wrong at the latest occurrence; null when nothing did.',
    of: ScheduleErrorResponse,
    nullable: true,
  })
  last_error: ScheduleErrorResponse | null;

  @Text({ description: 'When it was made.', ...time })
  created_at: string;

  @Text({ description: 'When somebody changed, paused or resumed it last.', ...time })
  updated_at: string;
}

/** What came of an occurrence. */
export class ScheduleRunResponse {
  @Text({ description: 'The time it is of.', ...time })
  occurrence: string;

  @Text({
    description: 'Its job, or the one that answers for it by its unique key; null when there is none.',
    ...id,
    nullable: true,
  })
  job_id: string | null;

  @Text({ description: 'Its workflow; null when there is none.', ...id, nullable: true })
  workflow_id: string | null;

  @Text({ description: 'Why neither came of it.', maxLength: 5000, nullable: true })
  error: string | null;

  @Truth({ description: 'Whether it was missed and made up for.', example: false })
  made_up: boolean;

  @Text({ description: 'When it was fired.', ...time })
  fired_at: string;
}

/** A schedule, and what came of its latest occurrences. */
export class ScheduleWithRunsResponse extends ScheduleResponse {
  @ListOf({
    description:
      'The latest ten occurrences, newest first. All that it has started, also by `run`: GET /jobs?tag=schedule:{name} and GET /workflows?tag=schedule:{name}.',
    of: ScheduleRunResponse,
  })
  runs: ScheduleRunResponse[];
}

/** A page of schedules. */
export class ScheduleListResponse {
  @ListOf({ description: 'By name.', of: ScheduleResponse })
  schedules: ScheduleResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** The schedule as it leaves. */
export function toScheduleResponse(schedule: ShownSchedule): ScheduleResponse {
  const { pausedAt, pausedBy, lastError, lastErrorAt, targetKind, target } = schedule;
  return {
    name: schedule.name,
    state: stateOf(schedule),
    cron: schedule.cron,
    rrule: schedule.rrule,
    dtstart: schedule.dtstart && asIso(schedule.dtstart),
    timezone: schedule.timezone,
    missed: schedule.missed,
    job: targetKind === 'job' ? target : null,
    workflow: targetKind === 'workflow' ? target : null,
    paused: pausedAt && {
      since: pausedAt.toISOString(),
      by: pausedBy ?? '',
      reason: schedule.pauseReason,
    },
    next_run_at: schedule.nextRunAt?.toISOString() ?? null,
    last_run_at: schedule.lastRunAt?.toISOString() ?? null,
    last_job_id: schedule.lastJobId,
    last_workflow_id: schedule.lastWorkflowId,
    last_error:
      lastError !== null && lastErrorAt ? { message: lastError, at: lastErrorAt.toISOString() } : null,
    created_at: schedule.createdAt.toISOString(),
    updated_at: schedule.updatedAt.toISOString(),
  };
}

export function toScheduleRunResponse(run: ScheduleRun): ScheduleRunResponse {
  return {
    occurrence: run.occurrence.toISOString(),
    job_id: run.jobId,
    workflow_id: run.workflowId,
    error: run.error,
    made_up: run.madeUp,
    fired_at: run.firedAt.toISOString(),
  };
}

/** 20260201T143000 as 2026-02-01T14:30:00. */
function asIso(local: string): string {
  return local.replace(/^(....)(..)(.....)(..)(..)$/, '$1-$2-$3:$4:$5');
}
