import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryOnRecord, recordAction } from '../audit-record/index.js';
import { isBoundToQueues } from '../auth/index.js';
import { DomainError, IdGenerator, currentActor, withFurtherFaults } from '../common/index.js';
import { requireMatch } from '../common/http/index.js';
import { Postgres, type Session, retryConflicts, sessionOf } from '../database/index.js';
import { announceSchedule } from '../queue/index.js';
import type { CreateScheduleRequest } from './create-schedule.dto.js';
import type { EditScheduleRequest } from './edit-schedule.dto.js';
import { readTimingChange } from './recurrence/timing-change.js';
import { type TimingRequest, neverFires, readTiming, tooLong } from './recurrence/read-timing.js';
import { nextOccurrence } from './recurrence/occurrences.js';
import type { Timing } from './recurrence/timing.js';
import { CalculationLimitError } from './recurrence/within-limits.js';
import { type Schedule, columnsOf, etagOf, timingOf } from './schedule.js';
import { changesOf, factsOf, startOf } from './schedule-record.js';
import { SCHEDULE_NAME } from './schedule-name.js';
import { SchedulesQuery } from './schedules.query.js';
import {
  DELETE_SCHEDULE,
  INSERT_SCHEDULE,
  LOCK_SCHEDULE,
  PAUSE_SCHEDULE,
  READ_CLOCK,
  RESUME_SCHEDULE,
  UPDATE_SCHEDULE,
} from './schedules.sql.js';
import type { StartedByHand, Target } from './targets/schedule-target.js';
import { ScheduleTargets, refuseNothing } from './targets/schedule-targets.js';

/** A schedule that nobody else can change, and the database's time. */
type Held = Schedule & { readonly now: Date };

/** Writes schedules. What a worker has to know of it, it hears at the commit. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly postgres: Postgres,
    private readonly schedules: SchedulesQuery,
    private readonly targets: ScheduleTargets,
    private readonly ids: IdGenerator,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /**
   * Makes a schedule, which fires strictly after this moment for the first time.
   * @throws DomainError validation_failed, unknown_job_type, schedule_already_exists
   */
  async create(request: CreateScheduleRequest): Promise<Schedule> {
    try {
      await this.insert(request);
    } catch (error) {
      throw await withFurtherFaults(error, ...checksOfTimes(request));
    }
    return this.schedules.get(request.name);
  }

  /**
   * Changes a schedule. One that fires at other times now does so strictly after this moment; otherwise an occurrence
   * that is just due keeps its place.
   * @param ifMatch the ETag of the schedule that the caller has read
   * @throws DomainError schedule_not_found, validation_failed, unknown_job_type, precondition_required,
   * precondition_failed
   */
  async edit(name: string, request: EditScheduleRequest, ifMatch: string | undefined): Promise<Schedule> {
    await this.refuseForeign(name);
    const target = await this.targets.check(request).catch(async (error: unknown) => {
      throw await withFurtherFaults(error, ...checksOfTimes(changedTimes(request)));
    });
    await this.change(name, async (session, schedule) => {
      requireMatch(ifMatch, etagOf(schedule));
      const timing = readTimingChange(request, schedule, schedule.now);
      const next = timing && firstAfter(schedule.now, timing);
      const nextRunAt = schedule.pausedAt ? null : (next ?? schedule.nextRunAt);
      await session.query(UPDATE_SCHEDULE, [
        schedule.now,
        schedule.id,
        ...columnsOf(timing ?? timingOf(schedule)),
        request.missed ?? schedule.missed,
        ...columnsOfTarget(target),
        nextRunAt,
      ]);
      const { missed = schedule.missed } = request;
      const edited = {
        timing: timing ?? timingOf(schedule),
        missed,
        target: target?.body ?? schedule.target,
      };
      const changes = changesOf(schedule, edited);
      await recordAction(session, { action: 'schedule.edit', subject: name, ...changes });
      return nextRunAt;
    });
    return this.schedules.get(name);
  }

  /** Lets it fire no more; pausing a paused one changes by whom and why. @throws DomainError schedule_not_found */
  async pause(name: string, reason: string | null): Promise<Schedule> {
    await this.refuseForeign(name);
    await this.change(name, async (session, { id, now }) => {
      await session.query(PAUSE_SCHEDULE, [now, id, currentActor(), reason]);
      await recordAction(session, { action: 'schedule.pause', subject: name, after: { reason } });
      return null;
    });
    return this.schedules.get(name);
  }

  /** Lets it fire again, from its first occurrence after this moment on. @throws DomainError schedule_not_found */
  async resume(name: string): Promise<Schedule> {
    await this.refuseForeign(name);
    await this.change(name, async (session, schedule) => {
      if (!schedule.pausedAt) return schedule.nextRunAt;
      const next = nextAfter(schedule.now, timingOf(schedule));
      await session.query(RESUME_SCHEDULE, [schedule.now, schedule.id, next]);
      const before = { reason: schedule.pauseReason };
      await recordAction(session, { action: 'schedule.resume', subject: name, before });
      return next;
    });
    return this.schedules.get(name);
  }

  /** @throws DomainError schedule_not_found */
  async delete(name: string): Promise<void> {
    await this.refuseForeign(name);
    const done = { action: 'schedule.delete', subject: name } as const;
    const gone = SCHEDULE_NAME.test(name)
      ? await queryOnRecord(this.postgres, DELETE_SCHEDULE, [name], done)
      : [];
    if (gone.length === 0) await this.schedules.notFound(name);
  }

  /** Starts its job or workflow now, paused or not; its times stay as they are. @throws DomainError as submitting it */
  async run(name: string, idempotencyKey: string | undefined): Promise<StartedByHand> {
    const { targetKind: kind, target: body } = await this.schedules.get(name);
    const start = { schedule: name, kind, body };
    return retryConflicts(() =>
      this.source.transaction(async (manager) => {
        const started = await this.targets.startByHand(start, idempotencyKey, manager);
        const after = startOf(started);
        if (after)
          await recordAction(await sessionOf(manager), { action: 'schedule.run', subject: name, after });
        return started;
      }),
    );
  }

  /** What it starts is read as it was at first, and refused where that would be. */
  private async refuseForeign(name: string): Promise<void> {
    if (!isBoundToQueues()) return;
    const { targetKind, target } = await this.schedules.get(name);
    await this.targets.check({ [targetKind]: target });
  }

  private async insert(request: CreateScheduleRequest): Promise<void> {
    const { name, missed = 'skip' } = request;
    const target = (await this.targets.check(request)) ?? refuseNothing();
    await this.postgres.transaction(async (session) => {
      const now = await readClock(session);
      const timing = readTiming(request, now);
      const next = firstAfter(now, timing);
      const { rowCount } = await session.query(INSERT_SCHEDULE, [
        now,
        this.ids.next(),
        name,
        ...columnsOf(timing),
        missed,
        ...columnsOfTarget(target),
        next,
      ]);
      if (rowCount === 0) throw exists(name);
      const after = factsOf({ timing, missed, target: target.body });
      await recordAction(session, { action: 'schedule.create', subject: name, after });
      await announceSchedule(session, next);
    });
  }

  private async change(
    name: string,
    write: (session: Session, schedule: Held) => Promise<Date | null>,
  ): Promise<void> {
    if (!SCHEDULE_NAME.test(name)) return this.schedules.notFound(name);
    await this.postgres.transaction(async (session) => {
      const { rows } = await session.query<Held>(LOCK_SCHEDULE, [name]);
      const next = await write(session, rows[0] ?? (await this.schedules.notFound(name)));
      if (next) await announceSchedule(session, next);
    });
  }
}

/** The columns that say what it starts; an edit without one leaves them as they are. */
function columnsOfTarget(target: Target | undefined) {
  return [target?.kind, target?.body, target?.jobType, target?.jobTypes];
}

async function readClock(session: Session): Promise<Date> {
  const { rows } = await session.query<{ now: Date }>(READ_CLOCK);
  return rows[0]?.now ?? new Date();
}

/** Each tells what it finds; an unknown time zone does not hide the rest. */
function checksOfTimes({ cron, rrule, timezone }: TimingRequest): (() => unknown)[] {
  const now = new Date();
  const times = { ...(cron === undefined ? {} : { cron }), ...(rrule === undefined ? {} : { rrule }) };
  const check = (timing: TimingRequest) => () => firstAfter(now, readTiming(timing, now));
  return [check({ ...times, ...(timezone === undefined ? {} : { timezone }) }), check(times)];
}

/** What an edit says of the times; where it says nothing there is nothing wrong. */
function changedTimes(request: TimingRequest): TimingRequest {
  return request.cron === undefined && request.rrule === undefined
    ? { ...request, cron: '0 0 * * *' }
    : request;
}

/** @throws DomainError validation_failed when there is none */
function firstAfter(now: Date, timing: Timing): Date {
  const next = nextAfter(now, timing);
  if (!next) throw neverFires(timing);
  return next;
}

function nextAfter(now: Date, timing: Timing): Date | null {
  try {
    return nextOccurrence(timing, now);
  } catch (error) {
    throw error instanceof CalculationLimitError ? tooLong(`/${timing.kind}`) : error;
  }
}

function exists(name: string): DomainError {
  return new DomainError(
    'schedule_already_exists',
    `There is a schedule "${name}" already: change it with PATCH /schedules/${name}, or choose another name`,
  );
}
