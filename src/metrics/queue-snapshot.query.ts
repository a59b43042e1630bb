import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { JobCounts, type JobStatus, Line, QueueService } from '../queue/index.js';

/** How long (ms) an answer serves: several gauges are made from it. */
const FRESH_MS = 2_000;

/** One queue at a moment. */
export interface QueueState {
  readonly queue: string;
  /** Jobs that may start now. */
  readonly ready: number;
  /** Seconds the oldest ready job has waited; 0 when there is none. */
  readonly oldestAge: number;
}

/** All queues at a moment, those with the most ready jobs first. */
export interface QueueSnapshot {
  readonly pending: number;
  readonly processing: number;
  readonly queues: readonly QueueState[];
}

/** Looks at the queues, once in a while, however many ask. */
@Injectable()
export class QueueSnapshotQuery {
  private readonly looks = new SharedLook(
    () => this.look(),
    () => FRESH_MS,
  );

  constructor(
    private readonly counts: JobCounts,
    private readonly line: Line,
    private readonly queue: QueueService,
  ) {}

  /** The latest look; a failed one is not tried again at once either. */
  read(): Promise<QueueSnapshot> {
    return this.looks.read();
  }

  private async look(): Promise<QueueSnapshot> {
    const [counts, lines, names] = await Promise.all([
      this.counts.read(),
      this.line.waiting(),
      this.queue.queueNames(),
    ]);
    const states = new Map<string, QueueState>(
      names.map((queue) => [queue, { queue, ready: 0, oldestAge: 0 }]),
    );
    for (const { queue, jobs, oldestAge } of lines) states.set(queue, { queue, ready: jobs, oldestAge });
    const total = (status: JobStatus) =>
      counts.filter((count) => count.status === status).reduce((sum, { jobs }) => sum + jobs, 0);
    return {
      pending: total('PENDING'),
      processing: total('PROCESSING'),
      queues: [...states.values()].sort(byReady),
    };
  }
}

function byReady(a: QueueState, b: QueueState): number {
  return b.ready - a.ready || (a.queue < b.queue ? -1 : 1);
}
