import type { CronOptions } from '@nestjs/schedule';

/**
 * How all timers run. In UTC, since slots are counted in it. A deadline that a busy process sees late is still
 * served, up to half a minute; cron's default would leave it out from a quarter of a second on.
 */
export const CRON_OPTIONS = { timeZone: 'UTC', threshold: 30_000 } as const satisfies CronOptions;
