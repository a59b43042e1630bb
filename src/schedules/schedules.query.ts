import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DomainError, didYouMean, invalid } from '../common/index.js';
import type { Schedule, ScheduleRun } from './schedule.js';
import { SCHEDULE_NAME } from './schedule-name.js';
import { SELECT_RUNS, SELECT_SCHEDULE, SELECT_SCHEDULES, SELECT_SCHEDULE_NAMES } from './schedules.sql.js';

const DEFAULT_LIMIT = 50;

/** Runs that are shown with a schedule. */
const RUNS = 10;

/** Reads schedules. */
@Injectable()
export class SchedulesQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** A page of schedules by name. @throws DomainError invalid_cursor */
  async page({ limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }) {
    const after = cursor === undefined ? '' : nameIn(cursor);
    const found = await this.source.query<Schedule[]>(SELECT_SCHEDULES, [after, limit + 1]);
    const schedules = found.slice(0, limit);
    const last = schedules.at(-1);
    const nextCursor = last && found.length > limit ? Buffer.from(last.name).toString('base64url') : null;
    return { schedules, nextCursor };
  }

  /** @throws DomainError schedule_not_found */
  async get(name: string): Promise<Schedule> {
    const rows = SCHEDULE_NAME.test(name) ? await this.source.query<Schedule[]>(SELECT_SCHEDULE, [name]) : [];
    return rows[0] ?? this.notFound(name);
  }

  /** What came of its latest occurrences, newest first. */
  runsOf({ id }: Schedule): Promise<ScheduleRun[]> {
    return this.source.query<ScheduleRun[]>(SELECT_RUNS, [id, RUNS]);
  }

  /** @throws DomainError schedule_not_found */
  async notFound(name: string): Promise<never> {
    const known = await this.source.query<{ name: string }[]>(SELECT_SCHEDULE_NAMES);
    const guess = didYouMean(
      name,
      known.map((schedule) => schedule.name),
    );
    const message = `There is no schedule "${name}".${guess} GET /schedules lists them.`;
    throw new DomainError('schedule_not_found', message);
  }
}

function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (SCHEDULE_NAME.test(name)) return name;
  const detail = 'This cursor is not one that GET /schedules gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
