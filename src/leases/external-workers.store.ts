import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { Postgres } from '../database/index.js';
import type { ExternalWorker } from './external-worker.js';
import { NOTE_SEEN, UPSERT_WORKER } from './leases.sql.js';

/** How often (ms) it is written down that a worker is there; the shortest silence that makes one lost is longer. */
const NOTE_EVERY_MS = 5_000;

/** Beyond these, names are written down each time that they come. */
const MOST_NOTED = 10_000;

/** Keeps the rows of external workers in the list of workers. */
@Injectable()
export class ExternalWorkersStore implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Leases');
  /** By id: what was written last, and when (monotonic, ms). */
  private readonly noted = new Map<string, { wish: string; at: number }>();
  /** Those who wait for jobs right now, each as often as it waits. */
  private readonly waiting = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly postgres: Postgres) {}

  /** A worker asks for jobs: from the answer on it is in the list. */
  async note(worker: ExternalWorker): Promise<void> {
    const { id, name, agent, queues, types = [], max } = worker;
    const wish = JSON.stringify([agent, queues, types, max]);
    const now = performance.now();
    const last = this.noted.get(id);
    if (last?.wish === wish && now - last.at < NOTE_EVERY_MS) return;
    await this.postgres.query(UPSERT_WORKER, [id, name, agent, queues, max, types]);
    if (this.noted.size >= MOST_NOTED) this.noted.clear();
    this.noted.set(id, { wish, at: now });
  }

  /** It waits, and is there for as long as it does. @returns what ends that */
  keep({ id }: ExternalWorker): () => void {
    this.waiting.set(id, (this.waiting.get(id) ?? 0) + 1);
    this.timer ??= setInterval(() => void this.noteWaiting(), NOTE_EVERY_MS);
    return () => {
      const left = (this.waiting.get(id) ?? 1) - 1;
      if (left > 0) this.waiting.set(id, left);
      else this.waiting.delete(id);
      if (this.waiting.size === 0) this.stop();
    };
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async noteWaiting(): Promise<void> {
    try {
      await this.postgres.query(NOTE_SEEN, [[...this.waiting.keys()]]);
    } catch (error) {
      // The next round makes up for it.
      this.logger.debug(`External workers cannot be noted as present: ${messageOf(error)}`);
    }
  }
}
