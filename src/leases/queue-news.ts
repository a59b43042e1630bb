import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { DatabaseClock, Gate } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { NotificationListener, Pooler } from '../database/index.js';
import { ALL_QUEUES, WAKEUP_CHANNEL, type Wakeup, decodeWakeup } from '../queue/index.js';
import { LEASE_SETTINGS, type LeaseSettings } from './lease-settings.js';

/** Without anybody who waits for this long (ms), the connection is given back. */
const IDLE_MS = 60_000;

/** Notices name times of the next minute; a later one would be news to the clock alone. */
const LONGEST_ALARM_MS = 120_000;

/** Alarms of a queue that lie no further (ms) apart than this are one: there are 6,000 of a queue at most. */
const SAME_TIME_MS = 20;

/** Where those wait who want jobs of the same types from the same queue. */
export class Place {
  /** Only one looks at a time: a job for one of a thousand must not make all of them look. */
  readonly turn = new Gate(1);
  /** Counts what may have brought jobs. */
  news = 0;
  /** The news up to which there was nothing left. */
  drained = -1;
  /** Called when there are news. */
  readonly bells = new Set<() => void>();
  visitors = 0;

  constructor(readonly queue: string) {}

  ring(): void {
    this.news += 1;
    for (const bell of [...this.bells]) bell();
  }
}

/**
 * Tells those who wait for jobs when there may be some: by notice within milliseconds, and else by looking from time to
 * time. All who wait in a process share one connection that listens.
 */
@Injectable()
export class QueueNews implements BeforeApplicationShutdown {
  private readonly places = new Map<string, Place>();
  /** Queues that somebody has waited for lately: whoever comes back must not have missed what was said meanwhile. */
  private readonly known = new Set<string>();
  /** By queue and time. */
  private readonly alarms = new Map<string, NodeJS.Timeout>();
  private listener: NotificationListener | undefined;
  private pollTimer: NodeJS.Timeout | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private closing: Promise<unknown> = Promise.resolve();
  private hasStopped = false;

  constructor(
    private readonly pooler: Pooler,
    private readonly clock: DatabaseClock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LEASE_SETTINGS) private readonly settings: LeaseSettings,
  ) {}

  /** @param types absent = every declared one */
  enter(queue: string, types: readonly string[] | undefined): Place {
    const key = JSON.stringify([queue, types ? [...types].sort() : null]);
    const place = this.places.get(key) ?? new Place(queue);
    this.places.set(key, place);
    this.known.add(queue);
    place.visitors += 1;
    this.begin();
    return place;
  }

  leave(place: Place): void {
    place.visitors -= 1;
    if (place.visitors > 0) return;
    for (const [key, candidate] of this.places) if (candidate === place) this.places.delete(key);
    if (this.places.size === 0) this.endSoon();
  }

  /** @param at when there may be jobs, epoch ms by the database's clock; what is far away is left to the polling */
  ringAt(queue: string, at: number): void {
    const time = Math.ceil(at / SAME_TIME_MS) * SAME_TIME_MS;
    const key = `${queue} ${time}`;
    const pause = Math.ceil(time - this.clock.now());
    if (this.hasStopped || pause > LONGEST_ALARM_MS || this.alarms.has(key)) return;
    const ring = () => {
      this.alarms.delete(key);
      this.ring(queue);
    };
    this.alarms.set(key, setTimeout(ring, Math.max(0, pause)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.hasStopped = true;
    this.end();
    await this.closing;
  }

  private begin(): void {
    clearTimeout(this.idleTimer);
    if (this.listener || this.hasStopped) return;
    const subscriber = {
      onNotification: (payload: string) => this.hear(decodeWakeup(payload)),
      // What was said while nobody listened is lost.
      onListening: () => this.ring(ALL_QUEUES),
      onDeaf: () => this.pollEvery(this.settings.deafPollMs),
    };
    const listener = new NotificationListener(this.config, WAKEUP_CHANNEL, subscriber, this.pooler);
    this.listener = listener;
    this.closing = this.closing.then(() => void listener.start());
    this.pollEvery(this.settings.pollMs);
  }

  private endSoon(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.end(), IDLE_MS).unref();
  }

  private end(): void {
    clearTimeout(this.idleTimer);
    clearInterval(this.pollTimer);
    for (const alarm of this.alarms.values()) clearTimeout(alarm);
    this.alarms.clear();
    this.known.clear();
    const { listener } = this;
    this.listener = undefined;
    if (listener) this.closing = this.closing.then(() => listener.stop());
  }

  private pollEvery(ms: number): void {
    clearInterval(this.pollTimer);
    if (this.listener) this.pollTimer = setInterval(() => this.ring(ALL_QUEUES), ms);
  }

  private hear({ ready, due }: Wakeup): void {
    for (const queue of ready) this.ring(queue);
    for (const [queue, at] of Object.entries(due)) if (this.known.has(queue)) this.ringAt(queue, at);
  }

  private ring(queue: string): void {
    for (const place of this.places.values()) if (queue === ALL_QUEUES || place.queue === queue) place.ring();
  }
}
