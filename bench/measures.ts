import type { SubjectName } from './subjects.js';

/** What is measured; `p50` and `p99` are times, of which less is better. */
export type MeasureName = 'http' | 'httpP99' | 'single' | 'bulk' | 'drain' | 'startP50' | 'startP99';

/** One subject's figures of one round. */
export type Figures = Partial<Record<MeasureName, number>>;

export interface Measure {
  readonly name: MeasureName;
  readonly label: string;
  readonly unit: 'jobs/s' | 'ms';
}

export const MEASURES: readonly Measure[] = [
  { name: 'http', label: 'HTTP submissions, 64 connections, answered after the commit', unit: 'jobs/s' },
  { name: 'httpP99', label: 'the same, answered within, p99', unit: 'ms' },
  { name: 'single', label: 'submissions in the process, one job each, 32 callers', unit: 'jobs/s' },
  { name: 'bulk', label: 'submissions of 1,000 jobs, 2 callers', unit: 'jobs/s' },
  { name: 'drain', label: 'no-op jobs run to their end, one worker process', unit: 'jobs/s' },
  { name: 'startP50', label: 'submission → start of the handler, idle, p50', unit: 'ms' },
  { name: 'startP99', label: 'the same, p99', unit: 'ms' },
];

/** What we mean to reach. Beside a peer it is a ratio, ours to theirs; alone it is the figure itself. */
export interface Target {
  readonly measure: MeasureName;
  readonly beside?: SubjectName;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export const TARGETS: readonly Target[] = [
  { measure: 'http', beside: 'pg-boss', atLeast: 7 },
  { measure: 'http', beside: 'no-database', atLeast: 0.4 },
  { measure: 'httpP99', atMost: 20 },
  { measure: 'single', beside: 'pg-boss', atLeast: 8 },
  { measure: 'single', beside: 'graphile', atLeast: 12 },
  { measure: 'single', beside: 'bullmq-pg', atLeast: 8 },
  { measure: 'single', beside: 'bullmq-redis', atLeast: 1 },
  { measure: 'bulk', beside: 'graphile', atLeast: 0.75 },
  { measure: 'drain', beside: 'graphile', atLeast: 1.2 },
  { measure: 'drain', beside: 'pg-boss', atLeast: 1 },
  { measure: 'drain', beside: 'bullmq-redis', atLeast: 2.5 },
  { measure: 'drain', beside: 'postgresql', atLeast: 0.4 },
  { measure: 'startP50', beside: 'pg-boss', atMost: 0.75 },
  { measure: 'startP99', atMost: 10 },
];
