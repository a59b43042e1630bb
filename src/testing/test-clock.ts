import { promisify } from 'node:util';
import { DatabaseClock } from '../common/index.js';

/** Kept from the time of loading: a test may replace the global one. */
const turn = promisify(setImmediate);

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** A clock that stands still until it is moved, and rings the alarms it passes. */
export class TestClock extends DatabaseClock {
  private readonly alarms = new Set<Alarm>();

  /** @param current epoch ms */
  constructor(private current: number) {
    super();
  }

  override now(): number {
    return this.current;
  }

  override set(time: Date): void {
    this.current = time.getTime();
  }

  override after(ms: number, ring: () => void): () => void {
    const alarm = { at: this.current + ms, ring };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  /** Goes to a later time (epoch ms). Whoever an alarm wakes on the way may act before the clock goes on. */
  async goTo(time: number): Promise<void> {
    for (let next = this.nextUntil(time); next; next = this.nextUntil(time)) {
      this.alarms.delete(next);
      this.current = Math.max(this.current, next.at);
      next.ring();
      await turn();
    }
    this.current = time;
    await turn();
  }

  private nextUntil(time: number): Alarm | undefined {
    return [...this.alarms].filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)[0];
  }
}
