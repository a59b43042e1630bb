import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { SECONDS_BUCKETS } from './buckets.js';

/** Bounded by JobTypeLabels; queues, ids and tags are not, and must never become a label here. */
const labelNames = ['job_type'];

/** What this process did with jobs; the sum over all processes is what the service did. */
export const jobMetrics = [
  makeCounterProvider({ name: 'jobs_created_total', help: 'Jobs accepted by this process.', labelNames }),
  makeCounterProvider({ name: 'jobs_completed_total', help: 'Jobs that completed.', labelNames }),
  makeCounterProvider({
    name: 'jobs_failed_total',
    help: 'Jobs that failed for good; failed attempts that are retried count as jobs_retried_total.',
    labelNames,
  }),
  makeCounterProvider({
    name: 'jobs_retried_total',
    help: 'Attempts that failed, timed out or were interrupted and are made again.',
    labelNames,
  }),
  makeCounterProvider({
    name: 'jobs_snoozed_total',
    help: 'Attempts that put their job off, as RetryLater does: not failed, and made again later.',
    labelNames,
  }),
  makeCounterProvider({
    name: 'jobs_cancelled_total',
    help: 'Jobs that were cancelled, while they waited or ran, by somebody or because of others.',
    labelNames,
  }),
  makeCounterProvider({
    name: 'jobs_recovered_total',
    help: 'Jobs taken back from workers that had died or fallen silent.',
    labelNames,
  }),
  makeCounterProvider({
    name: 'job_outcomes_refused_total',
    help: 'Outcomes that came after their attempt had lost the job to another worker.',
    labelNames: ['outcome'],
  }),
  makeCounterProvider({
    name: 'jobs_mended_total',
    help: 'Jobs, tickets and locks that did not fit together, after a human hand in the database, and were mended.',
    labelNames: ['kind'],
  }),
  makeCounterProvider({
    name: 'jobs_deleted_total',
    help: 'Finished jobs deleted after RETENTION_DAYS, as DELETE_JOBS says.',
    labelNames: ['status'],
  }),
  makeHistogramProvider({
    name: 'job_duration_seconds',
    help: 'Time from the start of an attempt until its outcome was stored.',
    labelNames,
    buckets: SECONDS_BUCKETS,
  }),
  makeHistogramProvider({
    name: 'job_queue_wait_seconds',
    help: 'Time from when a job could start (the later of creation and schedule) until it did.',
    labelNames,
    buckets: SECONDS_BUCKETS,
  }),
];
