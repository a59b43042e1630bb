import { type ClaimedJob, isSuspect } from '../queue/index.js';

/**
 * A worker's one place for jobs that must run alone. A job that has it not must not be claimed: it would wait as if it
 * ran, and be interrupted together with the one that runs.
 */
export class Quarantine {
  private isReserved = false;
  private occupant: ClaimedJob | undefined;
  /** Queues that were claimed from while the place was taken: there may be a job for it. */
  private readonly passedBy = new Set<string>();

  /** @param wake a queue may have a job that can start now */
  constructor(private readonly wake: (queue: string) => void) {}

  /** Makes a claim, which is told how many jobs that must run alone it may bring. */
  async claim(queue: string, claim: (alone: number) => Promise<ClaimedJob[]>): Promise<ClaimedJob[]> {
    if (this.isReserved) {
      this.passedBy.add(queue);
      return claim(0);
    }
    this.isReserved = true;
    try {
      const jobs = await claim(1);
      this.occupant = jobs.find(isSuspect);
      if (this.occupant) this.passedBy.add(queue);
      return jobs;
    } finally {
      if (!this.occupant) this.release();
    }
  }

  /** A job has ended. */
  leave(job: ClaimedJob): void {
    if (job !== this.occupant) return;
    this.occupant = undefined;
    this.release();
  }

  private release(): void {
    this.isReserved = false;
    const queues = [...this.passedBy];
    this.passedBy.clear();
    for (const queue of queues) this.wake(queue);
  }
}
