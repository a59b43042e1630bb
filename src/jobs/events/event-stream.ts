import { isPassing } from '../../database/index.js';
import type { JobWatch } from '../watch/job-watch.js';
import { Bell } from './bell.js';
import type { News, NewsQuery, ReportedProgress } from './news.query.js';
import { HEARTBEAT, PREAMBLE, message, toMessages } from './server-sent.js';
import type { StreamCursor } from './stream-cursor.js';

/** In milliseconds. */
export interface StreamTiming {
  /** How long a stream may be silent. */
  readonly heartbeatMs: number;
  /** How long it waits for a database that is away. */
  readonly retryMs: number;
  /** How old it may become: whoever still listens comes back, and goes on where it was. */
  readonly lifeMs: number;
}

/** Follows one job for one client: first what it missed, then what happens, until the job has ended. */
export class EventStream {
  private readonly bell = new Bell();
  private isOver = false;
  private progress: ReportedProgress | null = null;
  /** By the monotonic clock, ms. */
  private sentAt = performance.now();
  private readonly endsAt: number;

  constructor(
    private readonly jobId: string,
    private cursor: StreamCursor,
    private readonly news: NewsQuery,
    private readonly watch: JobWatch,
    private readonly timing: StreamTiming,
  ) {
    this.endsAt = performance.now() + timing.lifeMs;
  }

  /** The client is gone, or this process is going: nothing more is to be sent. */
  stop(): void {
    this.isOver = true;
    this.bell.ring();
  }

  /** The text to send, as it comes. */
  async *chunks(): AsyncGenerator<string, void, undefined> {
    const unwatch = this.watch.watch(this.jobId, {
      onChange: () => this.bell.ring(),
      onStop: () => this.stop(),
    });
    try {
      yield PREAMBLE;
      while (!this.isOver && this.untilEnd() > 0) {
        this.bell.silence();
        const news = await this.read();
        const text = news ? this.textOf(news) : '';
        if (text || this.untilHeartbeat() === 0) yield this.sent(text || HEARTBEAT);
        if (news?.isLast) return;
        const rest = Math.min(this.untilEnd(), news ? this.untilHeartbeat() : this.timing.retryMs);
        if (!news?.hasMore) await this.bell.heard(rest);
      }
    } finally {
      unwatch();
    }
  }

  /** Undefined while the database is away: the stream stays, and goes on where it was. */
  private async read(): Promise<News | undefined> {
    try {
      return await this.news.ofJob(this.jobId, this.cursor);
    } catch (error) {
      if (isPassing(error)) return undefined;
      throw error;
    }
  }

  private textOf(news: News): string {
    const { text, cursor } = toMessages(news, this.cursor, this.progress);
    this.cursor = cursor;
    this.progress = news.progress;
    return news.isLast ? text + message('end', { job_id: this.jobId, status: news.status }) : text;
  }

  private sent(text: string): string {
    this.sentAt = performance.now();
    return text;
  }

  private untilEnd(): number {
    return Math.max(0, Math.ceil(this.endsAt - performance.now()));
  }

  private untilHeartbeat(): number {
    return Math.max(0, Math.ceil(this.sentAt + this.timing.heartbeatMs - performance.now()));
  }
}
