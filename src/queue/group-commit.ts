/** More gain nothing: one is being written by the server while the next gathers. */
const MOST_UNDER_WAY = 2;

interface Call<Row, Result> {
  readonly rows: readonly Row[];
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is to be written while earlier writes are under way, without a timer, and writes it together.
 * Every caller is answered after the commit of its own rows; one that spoils the group fails alone.
 */
export class GroupCommit<Row, Result> {
  private waiting: Call<Row, Result>[] = [];
  private underWay = 0;

  /**
   * @param write stores rows in one transaction and answers with a result for each, in their order; `alone` = they
   * are one caller's, so that nobody else waits for them
   * @param isEverybodys tells errors that writing fewer rows would only repeat
   * @param groupSize rows written together; a single call may bring more
   */
  constructor(
    private readonly write: (rows: readonly Row[], alone: boolean) => Promise<Result[]>,
    private readonly isEverybodys: (error: unknown) => boolean,
    private readonly groupSize: number,
  ) {}

  /** Resolves with the results of these rows when they are committed. */
  add(rows: readonly Row[]): Promise<Result[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.startSoon();
    });
  }

  private startSoon(): void {
    if (this.underWay >= MOST_UNDER_WAY || this.waiting.length === 0) return;
    this.underWay += 1;
    // Requests that arrived in the same turn of the event loop go together.
    setImmediate(() => void this.writeNext());
  }

  private async writeNext(): Promise<void> {
    await this.writeGroup(this.takeGroup());
    this.underWay -= 1;
    this.startSoon();
  }

  private takeGroup(): Call<Row, Result>[] {
    let rows = 0;
    const fits = this.waiting.findIndex((call) => (rows += call.rows.length) > this.groupSize);
    const count = fits === -1 ? this.waiting.length : Math.max(1, fits);
    return this.waiting.splice(0, count);
  }

  private async writeGroup(calls: readonly Call<Row, Result>[]): Promise<void> {
    if (calls.length === 0) return;
    try {
      const rows = calls.flatMap((call) => call.rows);
      const results = await this.write(rows, calls.length === 1);
      let start = 0;
      for (const { rows, resolve } of calls) resolve(results.slice(start, (start += rows.length)));
    } catch (error) {
      await this.writeHalves(calls, error);
    }
  }

  /** Somebody spoils it for the others: halve until those who do stand alone. */
  private async writeHalves(calls: readonly Call<Row, Result>[], error: unknown): Promise<void> {
    if (calls.length === 1 || this.isEverybodys(error)) {
      for (const { reject } of calls) reject(error);
      return;
    }
    const middle = Math.ceil(calls.length / 2);
    await this.writeGroup(calls.slice(0, middle));
    await this.writeGroup(calls.slice(middle));
  }
}
