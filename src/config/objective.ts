import { makeValidator } from 'envalid';

/** How soon how many of the jobs of a queue are to start. */
export interface Objective {
  /** Seconds from when a job could start. */
  readonly startWithin: number;
  /** The fraction of jobs that start within them, above 0 and below 1. */
  readonly target: number;
}

export const LONGEST_START = 86_400;
export const SHORTEST_START = 0.1;
export const LOWEST_TARGET = 0.01;
export const HIGHEST_TARGET = 0.9999;

const TEXT = /^(\d{1,2}(?:\.\d{1,2})?) ?% in (\d{1,5}(?:\.\d{1,3})?) ?s$/;

/** `95% in 10s`. */
export const objective = makeValidator<Objective | undefined>((input) => {
  const match = TEXT.exec(input.trim());
  const target = Math.round(Number(match?.[1]) * 100) / 10_000;
  const startWithin = Number(match?.[2]);
  const isSensible =
    target >= LOWEST_TARGET &&
    target <= HIGHEST_TARGET &&
    startWithin >= SHORTEST_START &&
    startWithin <= LONGEST_START;
  if (!isSensible) {
    throw new Error(
      `must look like "95% in 10s", with 1 to 99.99 % and ${SHORTEST_START} to ${LONGEST_START} s, not "${input}"`,
    );
  }
  return { startWithin, target };
});
