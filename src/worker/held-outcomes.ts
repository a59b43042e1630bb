import { type AttemptOutcome, OutcomesHeldError } from '../queue/index.js';

/** Few enough that those which are free never wait long for the others of their batch. */
const BATCH = 50;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** Outcomes whose rows a transaction of somebody else holds: offered again and again, apart from all others. */
export class HeldOutcomes {
  private held: AttemptOutcome[] = [];
  private offering: Promise<void> | undefined;

  /**
   * @param settle throws OutcomesHeldError when some of them are still held
   * @param giveBack takes over what fails for another reason
   */
  constructor(
    private readonly settle: (outcomes: readonly AttemptOutcome[]) => Promise<unknown>,
    private readonly giveBack: (outcomes: readonly AttemptOutcome[]) => void,
  ) {}

  get size(): number {
    return this.held.length;
  }

  /** Whether the outcome of this attempt is one of them. */
  holds(jobId: string): boolean {
    return this.held.some(({ claim }) => claim.id === jobId);
  }

  add(outcomes: readonly AttemptOutcome[]): void {
    this.held.push(...outcomes);
    this.offering ??= this.offerUntilNoneIsLeft().finally(() => (this.offering = undefined));
  }

  /** Resolves when none is held any more. */
  async emptied(): Promise<void> {
    await this.offering;
  }

  private async offerUntilNoneIsLeft(): Promise<void> {
    let delay = FIRST_RETRY_MS;
    while (this.held.length > 0) {
      await new Promise((done) => setTimeout(done, delay));
      const before = this.held.length;
      await this.offerAll();
      delay = this.held.length < before ? FIRST_RETRY_MS : Math.min(LONGEST_RETRY_MS, 2 * delay);
    }
  }

  /** In ever another order: what stands in the way of one batch must not do so for ever. */
  private async offerAll(): Promise<void> {
    const all = shuffled(this.held);
    for (let start = 0; start < all.length; start += BATCH) await this.offer(all.slice(start, start + BATCH));
  }

  private async offer(batch: readonly AttemptOutcome[]): Promise<void> {
    try {
      await this.settle(batch);
      this.remove(batch);
    } catch (error) {
      const left = error instanceof OutcomesHeldError ? error.held : [];
      this.remove(batch.filter((outcome) => !left.includes(outcome)));
      if (!(error instanceof OutcomesHeldError)) this.giveBack(batch);
    }
  }

  private remove(outcomes: readonly AttemptOutcome[]): void {
    const gone = new Set(outcomes);
    this.held = this.held.filter((outcome) => !gone.has(outcome));
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
