import { Cron } from 'croner';
import type { CronTiming, NextTime } from './timing.js';

/** The times of a cron expression. @throws Error when it is none */
export function cronTimes({ expression, timezone }: Pick<CronTiming, 'expression' | 'timezone'>): NextTime {
  const cron = new Cron(expression, { timezone, paused: true, mode: '5-or-6-parts' });
  return (after) => cron.nextRun(after);
}
