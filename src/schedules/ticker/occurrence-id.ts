import { slotId } from '../../common/index.js';

/**
 * How far (ms) the time that an id tells may lie from the time at which its job is stored: lists that are filtered by
 * time look for a job no further than a minute from there.
 */
const OLDEST_ID_MS = 45_000;

/**
 * The id of the job, or of the workflow, of an occurrence. The same in every process, so that it is one even where nobody
 * remembers that it was started; one that is made up for late tells the time at which it is stored.
 */
export function occurrenceId(scheduleId: string, occurrence: Date, now: Date): string {
  const isFresh = now.getTime() - occurrence.getTime() <= OLDEST_ID_MS;
  return slotId(`${scheduleId} ${occurrence.toISOString()}`, (isFresh ? occurrence : now).getTime());
}
