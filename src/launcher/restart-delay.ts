const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** A child that was up this long was well; its next crash is a first one again. */
const WELL_AFTER_MS = 60_000;

/** How long to wait before a crashed child starts again: 0.5 s, doubling up to 30 s. */
export class RestartDelay {
  private next = FIRST_MS;

  /** @param uptimeMs how long the child was up before this crash */
  afterCrash(uptimeMs: number): number {
    if (uptimeMs >= WELL_AFTER_MS) this.next = FIRST_MS;
    const wait = this.next;
    this.next = Math.min(wait * 2, LONGEST_MS);
    return wait;
  }
}
