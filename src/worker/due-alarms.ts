import type { DatabaseClock } from '../common/index.js';

/** Longer waits are cut into pieces: a timer of more than 24 days would fire at once. */
const LONGEST_TIMER_MS = 60_000;

/** One timer a queue, set to the moment its next job is due. */
export class DueAlarms {
  private readonly alarms = new Map<string, { at: number; timer: NodeJS.Timeout }>();

  constructor(
    private readonly clock: DatabaseClock,
    private readonly ring: (queue: string) => void,
  ) {}

  /** Rings at that time (epoch ms, the database's clock), unless an earlier alarm of the queue stands. */
  set(queue: string, at: number): void {
    const present = this.alarms.get(queue);
    if (present && present.at <= at) return;
    clearTimeout(present?.timer);
    const delay = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(at - this.clock.now())));
    const timer = setTimeout(() => {
      this.alarms.delete(queue);
      this.ring(queue);
    }, delay);
    this.alarms.set(queue, { at, timer });
  }

  clear(): void {
    for (const { timer } of this.alarms.values()) clearTimeout(timer);
    this.alarms.clear();
  }
}
