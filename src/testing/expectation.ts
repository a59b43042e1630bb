import { AssertionError } from 'node:assert';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { JobReport } from './job-report.js';

/** What a job is expected to be like: of `payload` only what is named must match. */
export type ExpectedJob = Partial<
  Pick<JobReport, 'type' | 'queue' | 'priority' | 'payload' | 'lock' | 'scheduledAt' | 'uniqueKey' | 'tags'>
>;

/**
 * The jobs that are as expected.
 * @param times how many there must be; undefined = one at least
 * @throws AssertionError that names all jobs there are
 */
export function expectJobs(
  jobs: readonly JobReport[],
  expected: ExpectedJob,
  times: number | undefined,
): JobReport[] {
  const found = jobs.filter((job) => contains(job, expected));
  if (times === undefined ? found.length > 0 : found.length === times) return found;
  const wanted = times === undefined ? 'at least one job' : `${times} ${times === 1 ? 'job' : 'jobs'}`;
  const shown = jobs.map((job) => `  ${show(only(job, expected))}`);
  throw new AssertionError({
    message: [
      `Expected ${wanted} like ${show(expected)}, but found ${found.length} among ${jobs.length}:`,
      ...shown,
    ].join('\n'),
    actual: found.length,
    expected: times ?? 'at least 1',
    operator: 'expectEnqueued',
  });
}

/** Whether everything that is expected is there: objects may have further members, lists may not. */
function contains(actual: unknown, expected: unknown): boolean {
  if (!isPlain(expected)) return isDeepStrictEqual(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(expected).every(([name, value]) =>
    contains((actual as Record<string, unknown>)[name], value),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Of a job what it was asked for, and always its type. */
function only(job: JobReport, expected: ExpectedJob): object {
  const names = new Set<string>(['type', ...Object.keys(expected)]);
  return Object.fromEntries(Object.entries(job).filter(([name]) => names.has(name)));
}

function show(value: unknown): string {
  return inspect(value, { depth: 6, compact: true, breakLength: Infinity, maxStringLength: 200 });
}
