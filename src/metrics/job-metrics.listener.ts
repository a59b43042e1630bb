import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Histogram } from 'prom-client';
import {
  type EndedAttempt,
  type ClaimedJob,
  JobEvents,
  JobTypes,
  MENDED,
  type Outcome,
  isFault,
  readyAt,
} from '../queue/index.js';
import { JobTypeLabels } from './job-type-labels.js';

/** Outcomes that say how long the handler ran; that of a dead worker's attempt says how long nobody noticed. */
const TIMED: ReadonlySet<Outcome['kind']> = new Set(['completed', 'failed', 'timed_out', 'cancelled']);

/** Outcomes that may come too late, and states in which jobs are deleted. */
const REFUSABLE: readonly Outcome['kind'][] = [
  'completed',
  'failed',
  'timed_out',
  'cancelled',
  'interrupted',
  'released',
  'snoozed',
];
const FINAL = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;

/** Counts and times what happens to jobs in this process. */
@Injectable()
export class JobMetricsListener implements OnModuleInit, OnApplicationBootstrap {
  @InjectMetric('jobs_created_total') private readonly created: Counter;
  @InjectMetric('jobs_completed_total') private readonly completed: Counter;
  @InjectMetric('jobs_failed_total') private readonly failed: Counter;
  @InjectMetric('jobs_retried_total') private readonly retried: Counter;
  @InjectMetric('jobs_snoozed_total') private readonly snoozed: Counter;
  @InjectMetric('jobs_cancelled_total') private readonly cancelled: Counter;
  @InjectMetric('jobs_recovered_total') private readonly recovered: Counter;
  @InjectMetric('job_outcomes_refused_total') private readonly refused: Counter;
  @InjectMetric('jobs_mended_total') private readonly mended: Counter;
  @InjectMetric('jobs_deleted_total') private readonly deleted: Counter;
  @InjectMetric('job_duration_seconds') private readonly duration: Histogram;
  @InjectMetric('job_queue_wait_seconds') private readonly queueWait: Histogram;

  constructor(
    private readonly events: JobEvents,
    private readonly types: JobTypes,
    private readonly labels: JobTypeLabels,
  ) {}

  onModuleInit(): void {
    this.events.on('enqueued', (jobs) => this.count(this.created, jobs));
    this.events.on('claimed', (jobs) => this.onClaimed(jobs));
    this.events.on('settled', (job, outcome) => this.onSettled(job, outcome));
    this.events.on('cancelled', (jobs) => this.count(this.cancelled, jobs));
    this.events.on('recovered', (jobs) => this.count(this.recovered, jobs));
    this.events.on('mended', (kind, ids) => this.mended.inc({ kind }, ids.length));
    this.events.on('deleted', (status, count) => this.deleted.inc({ status }, count));
    this.events.on('refused', (_jobId, _attempt, outcome) => this.refused.inc({ outcome }));
  }

  /** Counters start at 0 for every known type: a rate cannot see the first event of a series that begins with it. */
  onApplicationBootstrap(): void {
    for (const { type } of this.types.all()) {
      for (const counter of this.counters) counter.inc({ job_type: type }, 0);
    }
    for (const kind of Object.keys(MENDED)) this.mended.inc({ kind }, 0);
    for (const outcome of REFUSABLE) this.refused.inc({ outcome }, 0);
    for (const status of FINAL) this.deleted.inc({ status }, 0);
  }

  private get counters(): Counter[] {
    const { created, completed, failed, retried, snoozed, cancelled, recovered } = this;
    return [created, completed, failed, retried, snoozed, cancelled, recovered];
  }

  private count(counter: Counter, jobs: readonly { type: string }[]): void {
    const byType = Map.groupBy(jobs, ({ type }) => this.labels.of(type));
    for (const [type, { length }] of byType) counter.inc({ job_type: type }, length);
  }

  private onClaimed(jobs: readonly ClaimedJob[]): void {
    for (const job of jobs) {
      const ready = readyAt(job).getTime();
      this.queueWait.observe(
        { job_type: this.labels.of(job.type) },
        seconds(ready, job.startedAt?.getTime() ?? ready),
      );
    }
  }

  private onSettled(job: EndedAttempt, outcome: Outcome['kind']): void {
    const labels = { job_type: this.labels.of(job.type) };
    if (job.status === 'COMPLETED') this.completed.inc(labels);
    if (job.status === 'FAILED') this.failed.inc(labels);
    if (job.status === 'PENDING' && isFault(outcome)) this.retried.inc(labels);
    if (job.status === 'CANCELLED') this.cancelled.inc(labels);
    if (job.status === 'PENDING' && outcome === 'snoozed') this.snoozed.inc(labels);
    if (TIMED.has(outcome)) {
      this.duration.observe(labels, seconds(job.startedAt.getTime(), job.updatedAt.getTime()));
    }
  }
}

/** All times come from the database's clock, which may have been set back in between. */
function seconds(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1000;
}
