import { type Fault, invalid } from '../../common/index.js';

/** Tags of a job, or of a workflow, in all; one tells the schedule. */
const MOST_TAGS = 20;

/** The tag, and the author, of what a schedule starts. */
export function tagOf(schedule: string): string {
  return `schedule:${schedule}`;
}

/**
 * Leaves room for the tag of the schedule.
 * @param lists where tags stand, and what stands there
 * @throws DomainError validation_failed
 */
export function refuseFullTags(lists: readonly (readonly [pointer: string, tags: unknown])[]): void {
  const full = lists.filter(([, tags]) => Array.isArray(tags) && tags.length >= MOST_TAGS);
  if (full.length === 0) return;
  const detail = `tags takes ${MOST_TAGS - 1} here: one more names the schedule`;
  throw invalid(
    'validation_failed',
    full.map(([pointer]): Fault => ({ pointer, detail, code: 'array_max_size' })),
  );
}
