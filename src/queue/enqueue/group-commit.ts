/** More gain nothing: one is being written by the server while the next gathers. */
const MOST_UNDER_WAY = 2;

/** Calls that wait for a stranger's transaction at a time, each on a connection of its own. */
const MOST_PATIENT = 2;

/** A store that has got on within this time (ms) is slow, and worth waiting for; no statement takes longer. */
const PROGRESS_MS = 3_000;

/** A write that waits in vain for a stranger's transaction has to end this time (ms) before its caller must be answered. */
const TIME_TO_SAY_SO_MS = 500;

/** How often (ms) whoever waits for a slow store looks whether it still goes on. */
const LOOK_AGAIN_MS = 500;

/**
 * Where a call was when it was given up: there was no room for it, it waited for its turn, or in line behind others that
 * wait for a stranger's transaction, or it was being written.
 */
export type GivenUp = 'full' | 'waiting' | 'held' | 'under way';

/** Whose fault a failed write is: of the rows that spoil it, of the database, or of somebody who will go away. */
export type Fault = 'own' | 'everybodys' | 'contention';

/** How a group is written. */
interface Writing<Row, Result> {
  /**
   * Stores rows in one transaction and answers with a result for each, in their order.
   * @param patienceMs how long it may wait for a stranger's transaction: they are one caller's, and nobody else waits
   *   for them; absent = a moment
   * @param gotOn to be called after each step: a large call takes its time
   */
  readonly write: (
    rows: readonly Row[],
    patienceMs: number | undefined,
    gotOn: () => void,
  ) => Promise<Result[]>;
  readonly faultOf: (error: unknown) => Fault;
  /** Rows written together; a single call may bring more. */
  readonly groupSize: number;
  /** Rows that may wait at a time: more than that are refused at once. */
  readonly mostWaiting: number;
  /** How long (ms) a call waits for its answer while the store gets nowhere. */
  readonly patienceMs: number;
  /** What a call is told that is given up. */
  readonly giveUp: (when: GivenUp) => Error;
}

interface Call<Row, Result> {
  readonly rows: readonly Row[];
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
  /** When it is to be answered (monotonic, ms), unless the store gets on. */
  readonly until: number;
  /** When its own write last got on (monotonic, ms). */
  gotOnAt?: number;
  /** A stranger's transaction was in its way, or in that of its group: who knows for how long. */
  isHeld: boolean;
  isOver: boolean;
}

/**
 * Gathers what is to be written while earlier writes are under way, without a timer, and writes it together.
 * Every caller is answered after the commit of its own rows; one that spoils the group fails alone, and one that has
 * to wait for somebody waits alone.
 */
export class GroupCommit<Row, Result> {
  private waiting: Call<Row, Result>[] = [];
  private waitingRows = 0;
  private underWay = 0;
  private readonly patient: Call<Row, Result>[] = [];
  private patientUnderWay = 0;
  private gotOnAt = -Infinity;

  constructor(private readonly writing: Writing<Row, Result>) {}

  /** Resolves with the results of these rows when they are committed. @throws what `giveUp` says when they are not in time */
  add(rows: readonly Row[]): Promise<Result[]> {
    if (this.waiting.length > 0 && this.waitingRows + rows.length > this.writing.mostWaiting)
      return Promise.reject(this.writing.giveUp('full'));
    return new Promise((resolve, reject) => {
      const until = performance.now() + this.writing.patienceMs;
      this.waiting.push(this.timed({ rows, resolve, reject, until, isHeld: false, isOver: false }));
      this.waitingRows += rows.length;
      this.startSoon();
    });
  }

  /** A caller is answered in time, whatever becomes of the database. */
  private timed(asked: Call<Row, Result>): Call<Row, Result> {
    const end = () => {
      call.isOver = true;
      clearTimeout(timer);
    };
    const call: Call<Row, Result> = {
      ...asked,
      resolve: (results) => {
        end();
        asked.resolve(results);
      },
      reject: (error) => {
        end();
        asked.reject(error);
      },
    };
    const look = () => {
      if (this.isWorthWaiting(call)) timer = setTimeout(look, LOOK_AGAIN_MS);
      else this.giveUp(call);
    };
    let timer = setTimeout(look, this.writing.patienceMs);
    return call;
  }

  private isWorthWaiting(call: Call<Row, Result>): boolean {
    if (call.isHeld) return false;
    return performance.now() - (call.gotOnAt ?? this.gotOnAt) <= PROGRESS_MS;
  }

  private giveUp(call: Call<Row, Result>): void {
    const isWaiting = remove(this.waiting, call);
    if (isWaiting) this.waitingRows -= call.rows.length;
    const isHeld = remove(this.patient, call);
    call.reject(this.writing.giveUp(isWaiting ? 'waiting' : isHeld ? 'held' : 'under way'));
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
    const group = this.waiting.splice(0, count);
    for (const call of group) this.waitingRows -= call.rows.length;
    return group;
  }

  private async write(calls: readonly Call<Row, Result>[], patienceMs?: number): Promise<Result[]> {
    const gotOn = () => {
      this.gotOnAt = performance.now();
      for (const call of calls) call.gotOnAt = this.gotOnAt;
    };
    const rows = calls.flatMap((call) => call.rows);
    const results = await this.writing.write(rows, patienceMs, gotOn);
    gotOn();
    return results;
  }

  private async writeGroup(asked: readonly Call<Row, Result>[]): Promise<void> {
    const calls = asked.filter((call) => !call.isOver);
    if (calls.length === 0) return;
    try {
      const results = await this.write(calls);
      let start = 0;
      for (const { rows: own, resolve } of calls) resolve(results.slice(start, (start += own.length)));
    } catch (error) {
      await this.afterFailure(calls, error);
    }
  }

  /** Somebody spoils it for the others: halve until those who do stand alone. */
  private async afterFailure(calls: readonly Call<Row, Result>[], error: unknown): Promise<void> {
    const fault = this.writing.faultOf(error);
    if (fault === 'contention') for (const call of calls) call.isHeld = true;
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
    // One whose time comes in a moment is told that it was held, and not that nobody knows.
    const latest = performance.now() + TIME_TO_SAY_SO_MS;
    const call = this.patient.find(({ until }) => until > latest);
    if (!call) return;
    remove(this.patient, call);
    this.patientUnderWay += 1;
    void this.write([call], call.until - latest)
      .then(call.resolve, call.reject)
      .finally(() => {
        this.patientUnderWay -= 1;
        this.startPatient();
      });
  }
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index !== -1) list.splice(index, 1);
  return index !== -1;
}
