import { Injectable } from '@nestjs/common';
import { byCreation } from '../blocking/locks.js';
import type { Job } from '../job.entity.js';
import { JobMemory } from './memory.js';

/** Who holds which lock, and who is next: what `Locks` does in the database. */
@Injectable()
export class MemoryLocks {
  constructor(private readonly memory: JobMemory) {}

  /** Asks for the locks of jobs, in the order in which they are given. @returns the ids of those that hold theirs */
  acquire(jobs: readonly Pick<Job, 'id' | 'lock'>[]): ReadonlySet<string> {
    const { locks } = this.memory;
    const holders = new Set<string>();
    for (const { id, lock } of jobs) {
      if (lock === null) continue;
      const holder = locks.get(lock) ?? id;
      locks.set(lock, holder);
      holders.add(holder);
    }
    return holders;
  }

  /** Hands the locks of jobs that hold theirs no longer to the next in line, or frees them. */
  handOn(formerHolders: readonly string[]): void {
    const former = new Set(formerHolders);
    for (const [lock, holder] of this.memory.locks) if (former.has(holder)) this.giveToNext(lock);
  }

  private giveToNext(lock: string): void {
    const [next] = this.memory
      .all()
      .filter((job) => job.lock === lock && job.status === 'BLOCKED' && job.openDependencies === 0)
      .sort(byCreation);
    if (!next) {
      this.memory.locks.delete(lock);
      return;
    }
    this.memory.locks.set(lock, next.id);
    this.memory.change(next, 'unblocked', { status: 'PENDING', ticketed: true });
  }
}
