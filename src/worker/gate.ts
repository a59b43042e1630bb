/** Lets a number of pieces of work run at a time; the others wait in line. */
export class Gate {
  private readonly line: (() => void)[] = [];

  constructor(private places: number) {}

  /** @throws the signal's reason when it fires before there was a place */
  async pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.places += 1;
      this.line.shift()?.();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.places === 0) await this.turn(signal);
    this.places -= 1;
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.line.splice(this.line.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      this.line.push(enter);
      signal.addEventListener('abort', leave);
    });
  }
}
