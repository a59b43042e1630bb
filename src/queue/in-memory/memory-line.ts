import { Injectable } from '@nestjs/common';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Job } from '../job.entity.js';
import { copyOf } from './copy.js';
import { MemoryPlacement } from './memory-placement.js';
import { JobMemory } from './memory.js';

/** Hands out jobs, one at a time, in the order they are to start. */
@Injectable()
export class MemoryLine {
  constructor(
    private readonly memory: JobMemory,
    private readonly placement: MemoryPlacement,
  ) {}

  /** Starts the next job of a queue, or of all. @returns undefined when none may start now */
  claim(workerId: string, queue?: string): ClaimedJob | undefined {
    this.placement.promote();
    const job = this.first(queue);
    if (!job) return undefined;
    const startedAt = this.memory.now;
    const attempts = job.attempts + 1;
    this.memory.change(job, 'started', {
      status: 'PROCESSING',
      attempts,
      ticketed: false,
      workerId,
      startedAt,
    });
    return copyOf(job);
  }

  /** When the next job may start that cannot start now; undefined = none waits for its time. */
  nextDue(): Date | undefined {
    const waiting = this.memory.all().filter(({ status }) => status === 'PENDING');
    return waiting.map(({ scheduledAt }) => scheduledAt).reduce(earlier, undefined);
  }

  private first(queue?: string): Job | undefined {
    const now = this.memory.now;
    return this.memory
      .find([...this.memory.line.keys()])
      .filter((job) => job.scheduledAt <= now && (queue ?? job.queue) === job.queue)
      .reduce<Job | undefined>((best, job) => (best && this.goesBefore(best, job) ? best : job), undefined);
  }

  /** The lower priority number first; among equals whoever had started before, then who became ready first. */
  private goesBefore(a: Job, b: Job): boolean {
    const [placeOfA, placeOfB] = [this.placeOf(a), this.placeOf(b)];
    const difference =
      a.priority - b.priority ||
      Number(b.attempts > 0) - Number(a.attempts > 0) ||
      placeOfA.readyAt - placeOfB.readyAt ||
      placeOfA.number - placeOfB.number;
    return difference <= 0;
  }

  private placeOf({ id, scheduledAt }: Job): { readyAt: number; number: number } {
    const place = this.memory.line.get(id);
    if (!place) throw new Error(`Job ${id} has no place in line`);
    return { readyAt: Math.max(place.linedUpAt, scheduledAt.getTime()), number: place.number };
  }
}

function earlier(a: Date | undefined, b: Date): Date {
  return a && a < b ? a : b;
}
