import { Injectable } from '@nestjs/common';
import { InMemoryQueue, type Job } from '../../queue/index.js';
import type { CancelWatch } from '../cancel-watch.js';

type Attempt = Pick<Job, 'id' | 'attempts'>;

/** Tells running attempts that somebody cancels their job, in the moment it is asked for. */
@Injectable()
export class InMemoryCancels implements Pick<CancelWatch, 'watch' | 'cancel'> {
  private readonly watched = new Map<string, { attempts: number; cancel: () => void }>();

  constructor(queue: InMemoryQueue) {
    queue.onCancelRequested((job) => this.cancel([job]));
  }

  watch({ id, attempts }: Attempt, cancel: () => void): () => void {
    this.watched.set(id, { attempts, cancel });
    return () => this.watched.delete(id);
  }

  cancel(attempts: readonly Attempt[]): void {
    for (const { id, attempts: attempt } of attempts) {
      const entry = this.watched.get(id);
      if (entry?.attempts === attempt) entry.cancel();
    }
  }
}
