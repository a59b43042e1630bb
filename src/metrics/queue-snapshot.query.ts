import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { type JobCount, JobCounts, type JobStatus, Line, type WaitingLine } from '../queue/index.js';
import { SELECT_QUEUE_STATES } from './metrics.sql.js';

/** How long (ms) an answer serves: several gauges are made from it. */
const FRESH_MS = 2_000;

/** One queue at a moment. */
export interface QueueState {
  readonly queue: string;
  /** Jobs that may start now. */
  readonly ready: number;
  /** Seconds the oldest ready job has waited; 0 when there is none. */
  readonly oldestAge: number;
  /** Jobs that have failed for good and are kept. */
  readonly deadLetters: number;
  readonly isPaused: boolean;
  /** Keys that have more jobs in line than their limit lets start. */
  readonly keysHeldBack: number;
}

type ListedQueue = Pick<QueueState, 'queue' | 'isPaused' | 'keysHeldBack'>;

/** All queues at a moment, those with the most ready jobs and dead letters first. */
export interface QueueSnapshot {
  readonly pending: number;
  readonly processing: number;
  readonly blocked: number;
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
    private readonly postgres: Postgres,
  ) {}

  /** The latest look; a failed one is not tried again at once either. */
  read(): Promise<QueueSnapshot> {
    return this.looks.read();
  }

  private async look(): Promise<QueueSnapshot> {
    const [counts, lines, { rows: listed }] = await Promise.all([
      this.counts.read(),
      this.line.waiting(),
      this.postgres.query<ListedQueue>(SELECT_QUEUE_STATES),
    ]);
    const total = (status: JobStatus) => sumOf(counts.filter((count) => count.status === status));
    return {
      pending: total('PENDING'),
      processing: total('PROCESSING'),
      blocked: total('BLOCKED'),
      queues: statesOf(listed, lines, counts).sort(byNeed),
    };
  }
}

function statesOf(
  listed: readonly ListedQueue[],
  lines: readonly WaitingLine[],
  counts: readonly JobCount[],
): QueueState[] {
  const line = new Map(lines.map((each) => [each.queue, each]));
  const failed = Map.groupBy(
    counts.filter(({ status }) => status === 'FAILED'),
    ({ queue }) => queue,
  );
  const known = new Map(listed.map((queue) => [queue.queue, queue]));
  // A queue that came between the looks has jobs and is not listed yet.
  const names = new Set([...known.keys(), ...line.keys(), ...failed.keys()]);
  return [...names].map((queue) => ({
    queue,
    ready: line.get(queue)?.jobs ?? 0,
    oldestAge: line.get(queue)?.oldestAge ?? 0,
    deadLetters: sumOf(failed.get(queue) ?? []),
    isPaused: known.get(queue)?.isPaused ?? false,
    keysHeldBack: known.get(queue)?.keysHeldBack ?? 0,
  }));
}

function sumOf(counts: readonly JobCount[]): number {
  return counts.reduce((sum, { jobs }) => sum + jobs, 0);
}

function byNeed(a: QueueState, b: QueueState): number {
  return b.ready - a.ready || b.deadLetters - a.deadLetters || (a.queue < b.queue ? -1 : 1);
}
