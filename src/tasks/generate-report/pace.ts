import { setImmediate } from 'node:timers/promises';

/** How long a report computes at a stretch; other jobs of the worker run in between. */
const STRETCH_MS = 10;

/** Lets others have their turn while a report is computed, and ends it when the attempt must end. */
export class Pace {
  private since = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  get isDue(): boolean {
    return performance.now() - this.since >= STRETCH_MS;
  }

  /** @throws the signal's reason once it has fired */
  async rest(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
    this.since = performance.now();
  }
}
