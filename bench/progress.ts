/** Says what is under way and how long all of it will take, on one line of a terminal. */
export class Progress {
  private readonly startedAt = performance.now();
  private begun = 0;

  constructor(private readonly steps: number) {}

  begin(what: string): void {
    const done = this.begun++;
    const elapsed = performance.now() - this.startedAt;
    const left = done > 0 ? `, about ${duration((elapsed / done) * (this.steps - done))} left` : '';
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${what}${left}`);
    else console.log(`${what}${left}`);
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    console.log(`Measured in ${duration(performance.now() - this.startedAt)}`);
  }
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
