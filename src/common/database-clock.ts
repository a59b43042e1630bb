/**
 * The database's time as this process knows it. Every time that is stored comes from the database itself; this
 * one serves what must be compared with those: ids and the timers of jobs that are due soon. It goes on from the
 * last reading by the monotonic clock, so that nobody who sets this machine's clock moves a job.
 */
export class DatabaseClock {
  private time = Date.now();
  private readAt = performance.now();

  /** Milliseconds since the epoch, with fractions. */
  now(): number {
    return this.time + performance.now() - this.readAt;
  }

  /** Calls back after so many milliseconds of this clock. @returns what calls it off */
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }

  /** Takes over the database's time, read just now. */
  set(databaseTime: Date): void {
    this.time = databaseTime.getTime();
    this.readAt = performance.now();
  }
}
