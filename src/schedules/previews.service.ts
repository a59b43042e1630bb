import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../common/index.js';
import type { PreviewResponse, PreviewTimingRequest } from './preview.dto.js';
import { neverFires, readTiming, tooLong } from './recurrence/read-timing.js';
import { localTimeWithOffset } from './recurrence/time-zone.js';
import { occurrencesAfter } from './recurrence/occurrences.js';
import type { Timing } from './recurrence/timing.js';
import { CalculationLimitError } from './recurrence/within-limits.js';
import { timingOf } from './schedule.js';
import { SchedulesQuery } from './schedules.query.js';

const DEFAULT_COUNT = 10;

/** Works out when schedules fire next. */
@Injectable()
export class PreviewsService {
  constructor(
    private readonly schedules: SchedulesQuery,
    private readonly clock: DatabaseClock,
  ) {}

  /** The times of a schedule, also of a paused one. @throws DomainError schedule_not_found */
  async ofSchedule(name: string, count?: number): Promise<PreviewResponse> {
    return this.preview(timingOf(await this.schedules.get(name)), count);
  }

  /** The times of what may become a schedule. @throws DomainError validation_failed, also when it never fires */
  ofRequest({ count, ...request }: PreviewTimingRequest): PreviewResponse {
    const timing = readTiming(request, this.now());
    const preview = this.preview(timing, count);
    if (preview.occurrences.length === 0) throw neverFires(timing);
    return preview;
  }

  private preview(timing: Timing, count = DEFAULT_COUNT): PreviewResponse {
    const { timezone } = timing;
    const occurrences = timesOf(timing, this.now(), count).map((time) => ({
      utc: time.toISOString(),
      local: localTimeWithOffset(time, timezone),
    }));
    return { timezone, occurrences };
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

function timesOf(timing: Timing, after: Date, count: number): Date[] {
  try {
    return occurrencesAfter(timing, after, count);
  } catch (error) {
    throw error instanceof CalculationLimitError ? tooLong(`/${timing.kind}`) : error;
  }
}
