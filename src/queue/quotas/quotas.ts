import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/index.js';
import { Postgres, type Session } from '../../database/index.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import { QuotaSettings } from './quota-settings.js';
import { SELECT_WAITING } from './quotas.sql.js';

/** How long (ms) a look at the jobs that wait lets submissions in. Nothing is refused by one that is older than itself. */
const FRESH_MS = 100;

const RETRY_AFTER_SECONDS = 5;

/** A look at a queue, and how many jobs of this process had been stored when it began. */
interface Look {
  readonly waiting: number;
  readonly storedBefore: number;
}

/** What this process does to a queue. */
interface Traffic {
  /** Jobs on their way into it. */
  readonly underWay: Set<string>;
  /** Jobs that have got there, ever. */
  stored: number;
  /** The latest look, perhaps still under way; undefined when the database could not be asked. */
  look: Promise<Look | undefined>;
  lookedAt: number;
  /** The one that follows when that one has ended. */
  next: Promise<Look | undefined> | undefined;
}

/**
 * Refuses submissions to queues in which as many jobs wait as may. What this process stores is counted from the moment it is
 * admitted; what other processes have on their way, and what they have stored since the latest look, is not: by so much
 * more may wait, and never by more.
 */
@Injectable()
export class Quotas {
  private readonly traffic = new Map<string, Traffic>();

  constructor(
    private readonly settings: QuotaSettings,
    private readonly postgres: Postgres,
  ) {}

  /** Sees to it that quotas are known; costs the first submission of a process a statement. */
  async prepare(jobs: readonly ResolvedJob[]): Promise<void> {
    if (jobs.some((job) => job.heeds_quota)) await this.settings.known();
  }

  /**
   * Admits jobs, all or none, that are counted until `settle`.
   * @param session whose statements look: a transaction must not wait for another connection
   * @throws DomainError queue_full
   */
  async admit(jobs: readonly ResolvedJob[], session?: Session): Promise<void> {
    if (!jobs.some((job) => job.heeds_quota)) return;
    const wanted = this.wantedOf(jobs);
    const arrivedAt = performance.now();
    const looks = new Map<string, Look | undefined>();
    const look = async (queue: string, since: number) => {
      looks.set(queue, session ? await this.read(queue, session) : await this.lookSince(queue, since));
    };
    for (const queue of wanted.keys()) await look(queue, arrivedAt - FRESH_MS);
    for (const [queue, own] of wanted)
      if (!session && this.isFull(queue, own, looks.get(queue))) await look(queue, arrivedAt);
    // From here on in one go: of two that fit one at a time, one is admitted.
    for (const [queue, own] of wanted)
      if (this.isFull(queue, own, looks.get(queue)))
        throw full(queue, this.settings.of(queue) ?? 0, own.length);
    for (const [queue, own] of wanted) for (const { id } of own) this.trafficOf(queue).underWay.add(id);
  }

  /** These jobs are stored, or never will be: until the next look they count all the same. */
  settle(jobs: readonly Pick<ResolvedJob, 'id' | 'queue'>[]): void {
    if (this.traffic.size === 0) return;
    for (const { id, queue } of jobs) {
      const traffic = this.traffic.get(queue);
      if (traffic?.underWay.delete(id)) traffic.stored += 1;
    }
  }

  /** Those that go to queues with quotas, by queue. */
  private wantedOf(jobs: readonly ResolvedJob[]): ReadonlyMap<string, readonly ResolvedJob[]> {
    const heeding = jobs.filter((job) => job.heeds_quota && this.settings.of(job.queue) !== undefined);
    return Map.groupBy(heeding, ({ queue }) => queue);
  }

  private isFull(queue: string, jobs: readonly ResolvedJob[], look: Look | undefined): boolean {
    const most = this.settings.of(queue) ?? Infinity;
    if (!look) return false;
    const { underWay, stored } = this.trafficOf(queue);
    const fresh = jobs.filter(({ id }) => !underWay.has(id)).length;
    const waiting = look.waiting + (stored - look.storedBefore) + underWay.size;
    return fresh > 0 && waiting + fresh > most;
  }

  /** A look that did not begin before this time; one at a time, which all share who ask meanwhile. */
  private lookSince(queue: string, since: number): Promise<Look | undefined> {
    const traffic = this.trafficOf(queue);
    if (traffic.lookedAt >= since) return traffic.look;
    traffic.next ??= traffic.look.then(() => {
      traffic.next = undefined;
      traffic.lookedAt = performance.now();
      // Nothing is refused for want of a look: what cannot be read cannot be stored either.
      traffic.look = this.read(queue, this.postgres).catch(() => undefined);
      return traffic.look;
    });
    return traffic.next;
  }

  private async read(queue: string, session: Session): Promise<Look> {
    const { stored: storedBefore } = this.trafficOf(queue);
    const { rows } = await session.query<{ waiting: number }>(SELECT_WAITING, [queue]);
    return { waiting: rows[0]?.waiting ?? 0, storedBefore };
  }

  private trafficOf(queue: string): Traffic {
    const known = this.traffic.get(queue);
    if (known) return known;
    const traffic: Traffic = {
      underWay: new Set(),
      stored: 0,
      look: Promise.resolve(undefined),
      lookedAt: -Infinity,
      next: undefined,
    };
    this.traffic.set(queue, traffic);
    return traffic;
  }
}

function full(queue: string, most: number, jobs: number): DomainError {
  const detail =
    jobs > most
      ? `Queue "${queue}" takes ${most} waiting jobs, and these are ${jobs}: send fewer at a time, or have its max_waiting raised`
      : `As many jobs wait in queue "${queue}" as may (${most}), and nothing was accepted: send it again later`;
  return new DomainError('queue_full', detail, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    members: { queue, max_waiting: most },
  });
}
