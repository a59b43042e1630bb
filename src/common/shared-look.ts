/** After a failure (ms): a look that hung for seconds must not be believed for a minute when all is well again. */
const LONGEST_REST_AFTER_FAILURE_MS = 5_000;

/**
 * One look at something that takes long, shared by all who ask while it is under way, and afterwards for as long as
 * it is told to rest: however many ask, only a part of the time is spent looking.
 */
export class SharedLook<T> {
  private latest: Promise<T> | undefined;
  private expiresAt = 0;

  /** @param restAfter how long (ms) a look serves that took so long (ms) */
  constructor(
    private readonly look: () => Promise<T>,
    private readonly restAfter: (tookMs: number) => number,
  ) {}

  /** The latest look; a failed one is not tried again at once either. */
  read(): Promise<T> {
    if (!this.latest || performance.now() >= this.expiresAt) {
      this.expiresAt = Infinity;
      const startedAt = performance.now();
      const restFor = (longest: number) => {
        const now = performance.now();
        this.expiresAt = now + Math.min(longest, this.restAfter(now - startedAt));
      };
      this.latest = this.look();
      this.latest.then(
        () => restFor(Infinity),
        () => restFor(LONGEST_REST_AFTER_FAILURE_MS),
      );
    }
    return this.latest;
  }
}
