/** Lets a few do something at once; the others wait for their turn. */
export class Turns {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  /** @param most how many at once */
  constructor(private readonly most: number) {}

  /**
   * Does the work when it is its turn.
   * @returns whether its turn came within this time, in milliseconds
   */
  async take(withinMs: number, work: () => Promise<void>): Promise<boolean> {
    if (!(await this.come(withinMs))) return false;
    try {
      await work();
    } finally {
      this.pass();
    }
    return true;
  }

  private come(withinMs: number): Promise<boolean> {
    if (this.taken < this.most) {
      this.taken += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(turn);
        resolve(false);
      }, withinMs);
      this.waiting.add(turn);
    });
  }

  /** The next one takes the place over. */
  private pass(): void {
    const [next] = this.waiting;
    if (next) {
      this.waiting.delete(next);
      next();
    } else this.taken -= 1;
  }
}
