import type { Job } from './job.entity.js';

/** After so many interruptions a job is suspected of causing them, and runs alone from then on. */
export const SUSPECT_AFTER = 2;

/** A job that was lost so often while it ran alone is the cause, and fails for good. */
export const MOST_LOSSES_ALONE = 3;

/** Marks the tickets of suspects; no type begins with it. */
export const ALONE = '!';

/** Whether a job may have brought down what it ran in. */
export function isSuspect({ interruptions }: Pick<Job, 'interruptions'>): boolean {
  return interruptions >= SUSPECT_AFTER;
}

/**
 * What a ticket says of its job, so that a claim can pass by what it cannot start now: the type, and whether it must
 * run alone. A build that knows nothing of suspects takes theirs for a type that it has no handler for.
 */
export function kindOf(job: Pick<Job, 'type' | 'interruptions'>): string {
  return isSuspect(job) ? ALONE + job.type : job.type;
}

/** Whether tickets of this kind are suspects'. */
export function mustRunAlone(kind: string): boolean {
  return kind.startsWith(ALONE);
}

/** The type of the jobs of this kind. */
export function typeOf(kind: string): string {
  return mustRunAlone(kind) ? kind.slice(ALONE.length) : kind;
}
