import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { QueueService } from '../queue/index.js';
import { SELECT_QUEUE_SNAPSHOT } from './queue-snapshot.sql.js';

/** How long (ms) an answer serves, at least. */
const FRESH_MS = 2_000;

/** A look at millions of waiting jobs takes a while, and may take up a twentieth of the time at most. */
const REST_FACTOR = 20;

/** One queue at a moment. */
export interface QueueState {
  readonly queue: string;
  readonly pending: number;
  readonly processing: number;
  /** Those of the pending that may start now. */
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
    (tookMs) => Math.max(FRESH_MS, REST_FACTOR * tookMs),
  );

  constructor(
    private readonly postgres: Postgres,
    private readonly queue: QueueService,
  ) {}

  /** The latest look; a failed one is not tried again at once either. */
  read(): Promise<QueueSnapshot> {
    return this.looks.read();
  }

  private async look(): Promise<QueueSnapshot> {
    const [{ rows }, names] = await Promise.all([
      this.postgres.query<QueueState>(SELECT_QUEUE_SNAPSHOT),
      this.queue.queueNames(),
    ]);
    const busy = new Set(rows.map((row) => row.queue));
    const idle = names.filter((name) => !busy.has(name)).sort();
    return {
      pending: sum(rows, 'pending'),
      processing: sum(rows, 'processing'),
      queues: [...rows, ...idle.map(emptyQueue)],
    };
  }
}

function emptyQueue(queue: string): QueueState {
  return { queue, pending: 0, processing: 0, ready: 0, oldestAge: 0 };
}

function sum(rows: readonly QueueState[], field: 'pending' | 'processing'): number {
  return rows.reduce((total, row) => total + row[field], 0);
}
