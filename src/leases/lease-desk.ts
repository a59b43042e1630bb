import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { HeldRequests } from '../held-requests/index.js';
import type { ExternalWorker } from './external-worker.js';
import { ExternalWorkersStore } from './external-workers.store.js';
import { type Claimed, LeaseClaims, type LeasedJob } from './lease-claims.js';
import { LEASE_SETTINGS, type LeaseSettings } from './lease-settings.js';
import { type Place, QueueNews } from './queue-news.js';

/** A request for jobs. */
interface Wish {
  readonly worker: ExternalWorker;
  /** How long (s) each job is held without a word. */
  readonly seconds: number;
  readonly waitMs: number;
}

/** Hands jobs to external workers, or lets them wait until there are some. Who waits takes up no connection. */
@Injectable()
export class LeaseDesk implements BeforeApplicationShutdown {
  private readonly waits = new Set<AbortController>();
  private hasStopped = false;

  constructor(
    private readonly claims: LeaseClaims,
    private readonly news: QueueNews,
    private readonly workers: ExternalWorkersStore,
    @Inject(LEASE_SETTINGS) private readonly settings: LeaseSettings,
    private readonly held: HeldRequests,
  ) {}

  /**
   * Jobs of the first of the worker's queues that has any; none when the time is over, this process stops,
   * or the caller may have none any more.
   * @param gone fires when the caller went before it was answered: its jobs are given back
   * @throws DomainError too_many_polls, too_many_held
   */
  async take(wish: Wish, gone: AbortSignal): Promise<readonly LeasedJob[]> {
    if (this.hasStopped) return [];
    const leases = wish.waitMs > 0 ? await this.wait(wish, gone) : await this.lookOnce(wish);
    if (!gone.aborted) return leases;
    await this.claims.giveBack(leases);
    return [];
  }

  /** Whoever waits is answered at once, with nothing. */
  beforeApplicationShutdown(): void {
    this.hasStopped = true;
    for (const end of this.waits) end.abort();
  }

  private async lookOnce({ worker, seconds }: Wish): Promise<readonly LeasedJob[]> {
    await this.workers.note(worker);
    for (const queue of worker.queues) {
      const { leases } = await this.claims.claim(queue, worker, seconds);
      if (leases.length > 0) return leases;
    }
    return [];
  }

  private async wait(wish: Wish, gone: AbortSignal): Promise<readonly LeasedJob[]> {
    if (this.waits.size >= this.settings.mostWaiting) throw tooMany(this.waits.size);
    const end = new AbortController();
    const over = () => end.abort();
    const leave = this.held.enterOrRefuse('waits for leases', over);
    gone.addEventListener('abort', over);
    if (gone.aborted) over();
    // Counted before anything is awaited: a thousand that come in one moment must see each other.
    this.waits.add(end);
    try {
      await this.workers.note(wish.worker);
      return end.signal.aborted ? [] : await this.visit(wish, end);
    } finally {
      this.waits.delete(end);
      leave();
      gone.removeEventListener('abort', over);
    }
  }

  private async visit(
    { worker, seconds, waitMs }: Wish,
    end: AbortController,
  ): Promise<readonly LeasedJob[]> {
    const timer = setTimeout(() => end.abort(), waitMs);
    const leave = this.workers.keep(worker);
    const places = worker.queues.map((queue) => this.news.enter(queue, worker.types));
    try {
      const visit = new Visit(places, ({ queue }) =>
        this.claims.claim(queue, worker, seconds, (at) => this.news.ringAt(queue, at)),
      );
      return await visit.until(end.signal);
    } finally {
      for (const place of places) this.news.leave(place);
      leave();
      clearTimeout(timer);
    }
  }
}

/** One request on its way from place to place, until there is something for it. */
class Visit {
  /** The news up to which it has looked for itself. */
  private readonly seen = new Map<Place, number>();

  constructor(
    private readonly places: readonly Place[],
    private readonly claim: (place: Place) => Promise<Claimed>,
  ) {}

  /** Looks at each place, and then again whenever there are news. */
  async until(end: AbortSignal): Promise<readonly LeasedJob[]> {
    for (const place of this.places) {
      const { leases } = await this.look(place);
      if (leases.length > 0) return leases;
    }
    for (;;) {
      await this.nextNews(end);
      if (end.aborted) return [];
      for (const place of this.places) {
        const leases = await this.lookInTurn(place, end);
        if (leases.length > 0) return leases;
      }
    }
  }

  private async lookInTurn(place: Place, end: AbortSignal): Promise<readonly LeasedJob[]> {
    if (!this.hasNews(place)) return [];
    try {
      return await place.turn.pass(end, async () => {
        // Whoever was here before has perhaps taken all there was.
        if (!this.hasNews(place)) return [];
        const { news } = place;
        const { leases, isDrained } = await this.look(place);
        if (isDrained) place.drained = Math.max(place.drained, news);
        return leases;
      });
    } catch (error) {
      if (end.aborted && error === end.reason) return [];
      throw error;
    }
  }

  private look(place: Place): Promise<Claimed> {
    this.seen.set(place, place.news);
    return this.claim(place);
  }

  private hasNews(place: Place): boolean {
    return place.news > Math.max(this.seen.get(place) ?? -1, place.drained);
  }

  private nextNews(end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const ring = () => {
        if (!end.aborted && !this.places.some((place) => this.hasNews(place))) return;
        for (const { bells } of this.places) bells.delete(ring);
        end.removeEventListener('abort', ring);
        resolve();
      };
      for (const { bells } of this.places) bells.add(ring);
      end.addEventListener('abort', ring);
      ring();
    });
  }
}

function tooMany(waiting: number): DomainError {
  return new DomainError(
    'too_many_polls',
    `${waiting} requests wait for jobs here already: try again shortly, or ask with "wait": 0`,
    { retryAfterSeconds: 2 },
  );
}
