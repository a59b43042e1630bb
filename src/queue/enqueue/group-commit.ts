/** More gain nothing: one is being written by the server while the next gathers. */
const MOST_UNDER_WAY = 2;

/** Calls that wait for a stranger's transaction at a time, each on a connection of its own. */
const MOST_PATIENT = 2;

/** Whose fault a failed write is: of the rows that spoil it, of the database, or of somebody who will go away. */
export type Fault = 'own' | 'everybodys' | 'contention';

/** How a group is written. */
interface Writing<Row, Result> {
  /**
   * Stores rows in one transaction and answers with a result for each, in their order.
   * @param patient they are one caller's, and nobody else waits for them
   */
  readonly write: (rows: readonly Row[], patient: boolean) => Promise<Result[]>;
  readonly faultOf: (error: unknown) => Fault;
  /** Rows written together; a single call may bring more. */
  readonly groupSize: number;
}

interface Call<Row, Result> {
  readonly rows: readonly Row[];
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is to be written while earlier writes are under way, without a timer, and writes it together.
 * Every caller is answered after the commit of its own rows; one that spoils the group fails alone, and one that has
 * to wait for somebody waits alone.
 */
export class GroupCommit<Row, Result> {
  private waiting: Call<Row, Result>[] = [];
  private underWay = 0;
  private readonly patient: Call<Row, Result>[] = [];
  private patientUnderWay = 0;

  constructor(private readonly writing: Writing<Row, Result>) {}

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
    const { groupSize } = this.writing;
    const fits = this.waiting.findIndex((call) => (rows += call.rows.length) > groupSize);
    const count = fits === -1 ? this.waiting.length : Math.max(1, fits);
    return this.waiting.splice(0, count);
  }

  private async writeGroup(calls: readonly Call<Row, Result>[]): Promise<void> {
    if (calls.length === 0) return;
    try {
      const rows = calls.flatMap((call) => call.rows);
      const results = await this.writing.write(rows, false);
      let start = 0;
      for (const { rows: own, resolve } of calls) resolve(results.slice(start, (start += own.length)));
    } catch (error) {
      await this.afterFailure(calls, error);
    }
  }

  /** Somebody spoils it for the others: halve until those who do stand alone. */
  private async afterFailure(calls: readonly Call<Row, Result>[], error: unknown): Promise<void> {
    const fault = this.writing.faultOf(error);
    const [only, ...others] = calls;
    if (fault === 'everybodys') {
      for (const { reject } of calls) reject(error);
    } else if (others.length > 0) {
      const middle = Math.ceil(calls.length / 2);
      await this.writeGroup(calls.slice(0, middle));
      await this.writeGroup(calls.slice(middle));
    } else if (fault === 'contention' && only) {
      this.patient.push(only);
      this.startPatient();
    } else {
      only?.reject(error);
    }
  }

  private startPatient(): void {
    if (this.patientUnderWay >= MOST_PATIENT) return;
    const call = this.patient.shift();
    if (!call) return;
    this.patientUnderWay += 1;
    void this.writing
      .write(call.rows, true)
      .then(call.resolve, call.reject)
      .finally(() => {
        this.patientUnderWay -= 1;
        this.startPatient();
      });
  }
}
