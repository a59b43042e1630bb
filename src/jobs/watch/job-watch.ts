import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { NotificationListener, Pooler, Postgres } from '../../database/index.js';
import { CHANGES_CHANNEL, type JobStatus } from '../../queue/index.js';
import { SELECT_WATCHED } from './watch.sql.js';
import { WatcherRow } from './watcher-row.js';

/** A commit may miss us while we begin to watch: one look at everything. */
const SAFETY_LOOK_MS = 1_000;

/** Where no notice can be heard, this is how long (ms) a change may stay unseen. */
const DEAF_LOOK_MS = 250;

/** Changes that follow each other within this time are looked at together. */
const GATHER_MS = 5;

/** Without a watcher for this long, the connection and the row are given back. */
const IDLE_MS = 60_000;

/** How many characters an id takes in a notice: hexadecimal, without dashes. */
const ID_LENGTH = 32;

/** How far a watched job has come. */
export interface WatchedJob {
  readonly id: string;
  readonly status: JobStatus;
  /** Differs whenever its status, events, logs or progress do. */
  readonly version: string;
}

/** Who watches a job. */
export interface JobWatcher {
  /** At first and then after each change; undefined = the job is gone. */
  onChange(job: WatchedJob | undefined): void;
  /** This process stops: whoever waits must be answered now. */
  onStop(): void;
}

/** What each watcher was told last. */
type Told = Map<JobWatcher, string | undefined>;

const GONE = 'gone';

/**
 * Tells within milliseconds that a job has changed, whoever changed it. All watchers of a process share one
 * connection that listens and one statement that looks, however many they are.
 */
@Injectable()
export class JobWatch implements BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWatch.name);
  /** By the job's id as notices have it. */
  private readonly watched = new Map<string, Told>();
  private readonly row: WatcherRow;
  private listener: NotificationListener | undefined;
  private toLookAt = new Set<string>();
  private isLooking = false;
  private hasFailed = false;
  private hasStopped = false;
  private safetyTimer: NodeJS.Timeout | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private closing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly postgres: Postgres,
    private readonly pooler: Pooler,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.row = new WatcherRow(postgres, () => this.lookAtAll());
  }

  /** Watches a job until the answer is called. A process that stops tells so at once. */
  watch(jobId: string, watcher: JobWatcher): () => void {
    const key = jobId.toLowerCase().replaceAll('-', '');
    const watchers = this.watched.get(key) ?? new Map<JobWatcher, string | undefined>();
    this.watched.set(key, watchers.set(watcher, undefined));
    this.begin();
    this.lookAt([key]);
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      if (this.watched.get(key) === watchers) this.watched.delete(key);
      if (this.watched.size === 0) this.endSoon();
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.hasStopped = true;
    this.tellStop();
    this.end();
    await this.closing;
  }

  private begin(): void {
    clearTimeout(this.idleTimer);
    if (this.hasStopped) setImmediate(() => this.tellStop());
    if (this.listener || this.hasStopped) return;
    const subscriber = {
      onNotification: (payload: string) =>
        this.lookAt(payload === '*' ? this.watched.keys() : idsOf(payload)),
      onListening: () => this.lookAtAll(),
      onDeaf: () => this.lookEvery(DEAF_LOOK_MS),
    };
    const listener = new NotificationListener(this.config, CHANGES_CHANNEL, subscriber, this.pooler);
    this.listener = listener;
    this.closing = this.closing.then(() => {
      this.row.keep();
      void listener.start();
    });
    this.lookEvery(SAFETY_LOOK_MS);
  }

  private lookEvery(ms: number): void {
    clearInterval(this.safetyTimer);
    if (this.listener) this.safetyTimer = setInterval(() => this.lookAtAll(), ms);
  }

  private endSoon(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.end(), IDLE_MS).unref();
  }

  private end(): void {
    clearTimeout(this.idleTimer);
    clearInterval(this.safetyTimer);
    const { listener } = this;
    this.listener = undefined;
    if (listener) this.closing = this.closing.then(() => Promise.all([listener.stop(), this.row.drop()]));
  }

  private lookAtAll(): void {
    this.lookAt(this.watched.keys());
  }

  private lookAt(keys: Iterable<string>): void {
    for (const key of keys) if (this.watched.has(key)) this.toLookAt.add(key);
    if (this.toLookAt.size > 0 && !this.isLooking) void this.look();
  }

  /** One look at a time: what changes meanwhile is in the next one. */
  private async look(): Promise<void> {
    this.isLooking = true;
    while (this.toLookAt.size > 0 && !this.hasStopped) {
      const keys = [...this.toLookAt];
      this.toLookAt = new Set();
      await this.lookOnce(keys);
      await pause(GATHER_MS);
    }
    this.isLooking = false;
  }

  private async lookOnce(keys: readonly string[]): Promise<void> {
    // Who begins to watch during this look is told what the next one sees.
    const asking = keys.map((key) => [key, [...(this.watched.get(key)?.keys() ?? [])]] as const);
    try {
      const { rows } = await this.postgres.query<WatchedJob>(SELECT_WATCHED, [keys]);
      const jobs = new Map(rows.map((job) => [job.id.replaceAll('-', ''), job]));
      for (const [key, watchers] of asking) this.tell(key, watchers, jobs.get(key));
      this.hasFailed = false;
    } catch (error) {
      // The next safety look makes up for it.
      if (!this.hasFailed) this.logger.warn(`Watched jobs cannot be looked at: ${messageOf(error)}`);
      this.hasFailed = true;
    }
  }

  private tell(key: string, watchers: readonly JobWatcher[], job: WatchedJob | undefined): void {
    const told = this.watched.get(key);
    const version = job?.version ?? GONE;
    for (const watcher of watchers) {
      if (!told?.has(watcher) || told.get(watcher) === version) continue;
      told.set(watcher, version);
      watcher.onChange(job);
    }
  }

  private tellStop(): void {
    for (const watchers of this.watched.values()) for (const watcher of watchers.keys()) watcher.onStop();
  }
}

/** The ids in a notice, as the watchers' keys have them. */
function idsOf(payload: string): string[] {
  return payload.match(new RegExp(`.{${ID_LENGTH}}`, 'g')) ?? [];
}
