/**
 * The database's time as this process knows it. Every time that is stored comes from the database itself; this
 * one serves what must be compared with those: ids and the timers of jobs that are due soon.
 */
export class DatabaseClock {
  private offset = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Takes over the database's time, read just now. */
  set(databaseTime: Date): void {
    this.offset = databaseTime.getTime() - Date.now();
  }
}
