/** Lets a number of pieces of work run at a time; the others wait in line. */
export class Gate {
  private readonly line = new Set<() => void>();

  constructor(private places: number) {}

  /** @throws the signal's reason when it fires before there was a place */
  async pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.places === 0) await this.turn(signal);
    else this.places -= 1;
  }

  /** The next in line takes the place over: were it free for a moment, somebody else could slip in. */
  private leave(): void {
    const [next] = this.line;
    if (next) next();
    else this.places += 1;
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leaveLine = () => {
        this.line.delete(enter);
        signal.removeEventListener('abort', giveUp);
      };
      const enter = () => {
        leaveLine();
        resolve();
      };
      const giveUp = () => {
        leaveLine();
        reject(signal.reason as Error);
      };
      this.line.add(enter);
      signal.addEventListener('abort', giveUp);
    });
  }
}
