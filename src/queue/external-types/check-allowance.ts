/** How long (ms) a single payload may take to be checked; whoever writes a pattern can make it take years. */
const LONGEST_MS = 500;

/** What a check may take although the allowance is spent: that of a payload without surprises takes a fraction of it. */
const SHORTEST_MS = 2;

/** What a type may use up in one go (ms): nothing else happens in the process meanwhile. */
const FULL_MS = 2_000;

/** What each check is given for nothing (ms): the ordinary ones of a list of 10,000 must not use it up. */
const FREE_MS = 1;

/** The part of the time that comes back. */
const PART = 0.1;

/** The time that checks of one type's payloads may take: a list of 10,000 could else stop the process for an hour. */
export class CheckAllowance {
  private left = FULL_MS;
  private readAt = performance.now();

  /** How long (ms, whole) the next check may take. */
  next(): number {
    const now = performance.now();
    this.left = Math.min(FULL_MS, this.left + PART * (now - this.readAt));
    this.readAt = now;
    return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.left)));
  }

  spend(ms: number): void {
    this.left = Math.max(0, this.left - Math.max(0, ms - FREE_MS));
  }
}
