import { Injectable } from '@nestjs/common';
import { type Doomed, fatesOf } from '../blocking/fates.js';
import { byCreation } from '../blocking/locks.js';
import {
  type Placing,
  inLine,
  jobOf,
  joinsLock,
  leavesLock,
  placeOf,
  placedRow,
  unblocking,
} from '../blocking/place.js';
import type { Job } from '../job.entity.js';
import { MemoryLocks } from './memory-locks.js';
import { JobMemory } from './memory.js';

/** Puts waiting jobs where they belong, and tells those that wait for others when these have ended. */
@Injectable()
export class MemoryPlacement {
  constructor(
    private readonly memory: JobMemory,
    private readonly locks: MemoryLocks,
  ) {}

  place(placings: readonly Placing[]): void {
    const now = this.memory.now.getTime();
    const places = placings.map((placing) => placeOf(placing, now)).sort(inLine);
    const leavers = places.filter(leavesLock).map((place) => jobOf(place).id);
    const holders = this.locks.acquire(places.filter(joinsLock).map(jobOf));
    for (const row of places.map((place) => placedRow(place, holders, now))) this.write(row);
    this.locks.handOn(leavers);
  }

  /** Lets jobs into the line whose time has come, as far as their locks are free. */
  promote(): void {
    const now = this.memory.now;
    const due = this.memory
      .find([...this.memory.aside])
      .filter(({ scheduledAt }) => scheduledAt <= now)
      .sort(byCreation);
    const holders = this.locks.acquire(due);
    for (const job of due) {
      if (job.lock === null || holders.has(job.id)) this.memory.admit(job);
      else this.place([{ job, event: 'blocked', actor: null, openDependencies: 0, isDue: true }]);
    }
  }

  /** What the end of jobs means for others: for their dependents, for the next of a lock. */
  follow(ended: readonly Job[]): void {
    const { free, cancelled } = this.release(ended);
    this.place(free.map(unblocking));
    this.locks.handOn([...ended, ...cancelled].map(({ id }) => id));
  }

  /** Cancels jobs because of those they depend on; their own dependents are not told. */
  cancel(doomed: readonly Doomed[]): void {
    for (const { id, error } of doomed) this.cancelBecauseOf(id, error);
  }

  /** The jobs that wait for these among others. */
  dependentsOf(parents: ReadonlySet<string>): Job[] {
    return this.memory
      .all()
      .filter(
        (job) =>
          job.status === 'BLOCKED' && job.openDependencies > 0 && job.dependsOn.some((id) => parents.has(id)),
      );
  }

  /** Cancels waiting jobs of which a parent, of these, has ended badly, and theirs in turn. */
  private release(ended: readonly Job[]): { free: Job[]; cancelled: Job[] } {
    const free: Job[] = [];
    const cancelled: Job[] = [];
    let generation: readonly Job[] = ended;
    while (generation.length > 0) {
      const parents = new Set(generation.map(({ id }) => id));
      const { doomed, counted } = fatesOf(this.dependentsOf(parents), generation, this.memory.tolerated);
      for (const { child, open } of counted) child.openDependencies = open;
      free.push(...counted.filter(({ open }) => open <= 0).map(({ child }) => child));
      this.cancel(doomed);
      const next = this.memory.find(doomed.map(({ id }) => id));
      cancelled.push(...next);
      generation = next;
    }
    return { free, cancelled };
  }

  private cancelBecauseOf(id: string, error: { name: string; message: string }): void {
    const ended = { status: 'CANCELLED', openDependencies: 0, ticketed: false } as const;
    const changes = { ...ended, errorMessage: error.message, finishedAt: this.memory.now };
    this.memory.change(this.memory.get(id), 'cancelled', changes, { error });
  }

  /** What is null stays as it is; a time that has passed means now. */
  private write(row: ReturnType<typeof placedRow>): void {
    const job = this.memory.get(row.id);
    const now = this.memory.now;
    const asked = row.scheduled_at === null ? undefined : new Date(row.scheduled_at);
    const changes: Partial<Job> = {
      status: row.status,
      ticketed: row.ticketed,
      queue: row.queue ?? job.queue,
      priority: row.priority ?? job.priority,
      payload: row.payload ?? job.payload,
      scheduledAt: asked ? (asked > now ? asked : now) : job.scheduledAt,
      openDependencies: row.open_dependencies,
      maxAttempts: job.maxAttempts === null ? null : job.maxAttempts + row.raise,
      cancelRequestedAt: null,
      finishedAt: null,
      errorFingerprint: null,
      ...(row.starts_over ? { interruptions: 0, interruptionsAlone: 0 } : {}),
    };
    this.memory.change(job, row.event, changes, { actor: row.actor });
  }
}
