import pg from 'pg';

/** A process that slept through the end of a wait gets this time (ms) to read the answer that may long be there. */
const GRACE_MS = 200;

/**
 * A connection that waits for an answer no longer than its `query_timeout` (ms), and never gives up one that has
 * arrived. Where a handler keeps the process busy for seconds, timers come before what the network has brought: pg's
 * own would then fail a claim whose jobs are already there, and strand them.
 */
export class TimedClient extends pg.Client {
  private readonly timeoutMs: number;
  private timer: NodeJS.Timeout | undefined;
  private askedAt = 0;

  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, query_timeout: undefined });
    this.timeoutMs = config.query_timeout ?? 0;
    this.on('drain', () => (this.askedAt = 0));
    this.on('end', () => clearTimeout(this.timer));
    this.query = this.timed(this.query.bind(this));
  }

  private timed(query: pg.Client['query']): pg.Client['query'] {
    return ((...args: [unknown, ...unknown[]]) => {
      this.expectAnswer(args[0]);
      return (query as (...all: unknown[]) => unknown)(...args);
    }) as pg.Client['query'];
  }

  /** A question with a time of its own is left to pg. */
  private expectAnswer(question: unknown): void {
    const ownMs = (question as { query_timeout?: number } | null)?.query_timeout;
    this.askedAt = ownMs === undefined && this.timeoutMs > 0 ? performance.now() : 0;
    if (this.askedAt > 0) this.setTimer(this.timeoutMs);
  }

  private setTimer(ms: number): void {
    clearTimeout(this.timer);
    const dueAt = performance.now() + ms;
    this.timer = setTimeout(() => this.onTimer(performance.now() - dueAt), ms).unref();
  }

  private onTimer(lateMs: number): void {
    if (this.askedAt === 0) return;
    if (lateMs > GRACE_MS) this.setTimer(GRACE_MS);
    else this.giveUp();
  }

  /** Whatever this connection still brings, nobody waits for it. */
  private giveUp(): void {
    const { stream } = (this as unknown as { connection: { stream: { destroy(error: Error): void } } })
      .connection;
    stream.destroy(new Error(`Query read timeout: no answer for ${this.timeoutMs} ms`));
  }
}
