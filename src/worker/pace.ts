/** What is claimed ahead of the slots is the work of this time (ms). */
export const AHEAD_MS = 100;

/** Jobs claimed ahead at most. */
const MOST_AHEAD = 1_000;

/**
 * How fast short jobs go through the slots. A claim costs as much as some short jobs, so these are claimed by the
 * hundred; long ones must not wait here, because they could run elsewhere. An average that fades with time:
 * each end counts 1 and loses 1 - 1/e of it in AHEAD_MS, which makes the sum the number of ends in that time.
 */
export class Pace {
  private ends = 0;
  private at = -Infinity;

  constructor(private readonly slots: number) {}

  /** A job has left its slot. @param ranMs how long it was in it */
  note(ranMs: number, now: number): void {
    if (ranMs > AHEAD_MS) return;
    this.ends = this.fadedBy(now) + 1;
    this.at = now;
  }

  /** How many more jobs than there are free slots a claim may bring; none while the slots are not kept busy by short jobs. */
  ahead(now: number): number {
    const ends = Math.floor(this.fadedBy(now));
    return ends < this.slots ? 0 : Math.min(MOST_AHEAD, ends);
  }

  private fadedBy(now: number): number {
    return this.ends * Math.exp((this.at - now) / AHEAD_MS);
  }
}
