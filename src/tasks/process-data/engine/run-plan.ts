import { CsvRows } from './csv-rows.js';
import { DataError } from './data-error.js';
import { Delivery } from './delivery.js';
import { Filter } from './filter.js';
import { Groups } from './groups.js';
import { JsonRows } from './json-rows.js';
import { ChunkOutput, InlineOutput, type Output } from './outputs.js';
import type { Format, Outcome, Plan } from './plan.js';
import type { RowReader } from './row.js';
import { shapeOfGroups, shapeOfRows } from './shape.js';
import { NOTHING } from './slice.js';
import { LONGEST_ROW, Window } from './window.js';

/** What is told of rows that were skipped. */
const MOST_FAULTS = 10;

export interface Surroundings {
  /** Takes a chunk of the output for good; resolves when the next may come. */
  send(chunk: Buffer): Promise<void>;
  /** Hears once in which format rows will be written. */
  onBegin(format: Format): void;
  /** Hears after every chunk how many bytes of the input have been read. */
  onRead(bytes: number): void;
  /** Where a sort keeps its temporary file. */
  readonly folder: string;
}

/**
 * Reads rows, filters them, groups or shapes them, sorts them and hands them over, in bounded memory.
 * @throws DataError when the rows or the plan are at fault
 */
export async function runPlan(
  plan: Plan,
  input: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const run = new Run(plan, surroundings);
  try {
    for await (const chunk of input) {
      await run.feed(chunk, false);
      if (run.isDone) break;
    }
    if (!run.isDone) await run.feed(NOTHING, true);
    return await run.finish();
  } finally {
    run.close();
  }
}

class Run {
  private readonly window = new Window();
  private readonly inline = new InlineOutput();
  private readonly faults: string[] = [];
  private readonly counts = { rowsRead: 0, rowsMatched: 0, rowsSkipped: 0, bytesRead: 0 };
  private readonly output: Output;
  private format: Format | undefined;
  private reader: RowReader | undefined;
  private steps: { filter: Filter; groups: Groups | undefined; delivery: Delivery } | undefined;
  private columns: readonly string[] | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly surroundings: Surroundings,
  ) {
    this.format = plan.format;
    this.output =
      plan.output.kind === 'inline' ? this.inline : new ChunkOutput((chunk) => surroundings.send(chunk));
  }

  get isDone(): boolean {
    return this.steps !== undefined && !this.steps.groups && this.steps.delivery.isDone;
  }

  async feed(chunk: Uint8Array, isLast: boolean): Promise<void> {
    this.window.feed(chunk, isLast);
    this.counts.bytesRead += chunk.length;
    this.reader ??= this.newReader(isLast);
    if (!this.reader) return;
    this.steps ??= this.reader.begin() ? this.prepare(this.reader) : undefined;
    if (!this.steps) return;
    await this.readRows(this.reader);
    this.surroundings.onRead(this.counts.bytesRead);
  }

  async finish(): Promise<Outcome> {
    const { groups, delivery } = this.steps!;
    for (const row of groups?.rows() ?? []) {
      delivery.take(row);
      if (this.output.isFull) await this.output.flush();
    }
    await delivery.finish();
    return {
      rows: this.inline.rows,
      rowsWritten: delivery.rowsWritten,
      ...this.counts,
      columns: this.columns ?? this.membersAsColumns(),
      format: this.outputFormat,
      faults: this.faults,
    };
  }

  close(): void {
    this.steps?.delivery.close();
  }

  /** Without a format the first character that is not blank decides; with nothing but blanks so far, it waits. */
  private newReader(isLast: boolean): RowReader | undefined {
    const { window, plan } = this;
    if (!this.format) {
      const [first] = window.buffer.toString('latin1', window.start, window.end).match(/\S/) ?? [];
      if (first === undefined && !isLast && window.end < LONGEST_ROW) return undefined;
      this.format = first === '{' ? 'jsonl' : 'csv';
    }
    return this.format === 'csv' ? new CsvRows(window, plan) : new JsonRows(window);
  }

  private prepare(reader: RowReader): NonNullable<Run['steps']> {
    const { plan, format } = this;
    const isGrouped = plan.groupBy.length > 0 || plan.aggregate.length > 0;
    const filter = new Filter(plan.filter, reader);
    const groups = isGrouped ? new Groups(plan.groupBy, plan.aggregate, reader) : undefined;
    const shape = groups
      ? shapeOfGroups(plan, groups.columns, this.outputFormat)
      : shapeOfRows(plan, reader, format!, this.outputFormat);
    this.columns = shape.columns;
    this.surroundings.onBegin(this.outputFormat);
    const { limit } = plan;
    return {
      filter,
      groups,
      delivery: new Delivery(shape, this.output, { limit, folder: this.surroundings.folder }),
    };
  }

  private async readRows(reader: RowReader): Promise<void> {
    const { filter, groups, delivery } = this.steps!;
    const { output, counts } = this;
    while (!this.isDone && reader.next()) {
      counts.rowsRead++;
      if (reader.fault !== undefined) this.skip(reader, reader.fault);
      else if (filter.holds(reader)) {
        const fault = groups?.add(reader);
        if (fault !== undefined) this.skip(reader, fault);
        else counts.rowsMatched++;
        if (!groups) delivery.take(reader);
        if (output.isFull) await output.flush();
      }
    }
  }

  private membersAsColumns(): string[] {
    const names = new Map(Object.entries(this.plan.rename));
    return this.reader!.columns.map((name) => names.get(name) ?? name);
  }

  private skip({ line }: RowReader, fault: string): void {
    if (this.plan.onError === 'fail')
      throw new DataError(`Line ${line} ${fault}. Mend it, or say on_error: skip to leave such rows out`);
    this.counts.rowsSkipped++;
    if (this.faults.length < MOST_FAULTS) this.faults.push(`Line ${line} ${fault}`);
  }

  private get outputFormat(): Format {
    const { output } = this.plan;
    return output.kind === 'inline' ? 'jsonl' : (output.format ?? this.format!);
  }
}
