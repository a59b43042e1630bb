import { type TimingRequest, readTiming } from './read-timing.js';
import type { Timing } from './timing.js';

/** When a schedule fires so far, as its row says it. */
export interface PresentTiming {
  readonly cron: string | null;
  readonly rrule: string | null;
  readonly dtstart: string | null;
  readonly timezone: string;
}

/**
 * What an edit makes of the times of a schedule; undefined when they stay. Another time zone means the same times by
 * other clocks, so a rule keeps the beginning that it has.
 * @throws DomainError validation_failed
 */
export function readTimingChange(
  { cron, rrule, timezone }: TimingRequest,
  present: PresentTiming,
  now: Date,
): Timing | undefined {
  if (cron !== undefined || rrule !== undefined) {
    const read = readTiming({ cron, rrule, timezone: timezone ?? keptZone(rrule, present) }, now);
    return isSame(read, present) ? undefined : read;
  }
  if (timezone === undefined || timezone === present.timezone) return undefined;
  if (present.cron !== null) return readTiming({ cron: present.cron, timezone }, now);
  return readTiming({ rrule: `DTSTART:${present.dtstart ?? ''}\n${present.rrule ?? ''}`, timezone }, now);
}

/** A rule that names its own time zone comes with it. */
function keptZone(rrule: string | undefined, { timezone }: PresentTiming): string | undefined {
  return rrule !== undefined && /DTSTART(;TZID=[^:]+:|:\w+Z\s)/i.test(rrule) ? undefined : timezone;
}

function isSame(timing: Timing, { cron, rrule, dtstart, timezone }: PresentTiming): boolean {
  if (timing.timezone !== timezone) return false;
  if (timing.kind === 'cron') return timing.expression === cron;
  return timing.rule === rrule && timing.dtstart === dtstart;
}
