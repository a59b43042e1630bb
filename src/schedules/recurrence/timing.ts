/** When a schedule fires. */
export type Timing = CronTiming | RruleTiming;

/** At the times that a cron expression names. */
export interface CronTiming {
  readonly kind: 'cron';
  readonly expression: string;
  readonly timezone: string;
}

/** At the times that a recurrence rule of RFC 5545 names. */
export interface RruleTiming {
  readonly kind: 'rrule';
  /** The rule alone, without the name of its property. */
  readonly rule: string;
  /** Where the rule begins, in local time: 20260201T143000. */
  readonly dtstart: string;
  readonly timezone: string;
}

/** The first occurrence after a time, strictly; null = there is none. */
export type NextTime = (after: Date) => Date | null;
