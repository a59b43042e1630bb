import { type Accumulator, faultOf, newAccumulator } from './aggregates.js';
import { ByteWriter } from './byte-writer.js';
import { DataError } from './data-error.js';
import { Memory } from './memory.js';
import type { Aggregate } from './plan.js';
import type { Row, RowReader } from './row.js';
import { type Slice, isEmpty, newSlice } from './slice.js';

export const MOST_GROUPS = 100_000;

const MEMORY = 48 * 1_048_576;

/** Not a byte of UTF-8: it ends a field of a group's key. */
const FIELD_END = 255;

interface Group {
  /** The values of its fields as JSON. */
  readonly fields: readonly string[];
  readonly accumulators: readonly Accumulator[];
}

/** Rows that agree in some fields, counted and added up. */
export class Groups {
  readonly columns: readonly string[];

  private readonly groups = new Map<string, Group>();
  private readonly keyColumns: readonly number[];
  private readonly valueColumns: readonly (number | undefined)[];
  private readonly values: readonly Slice[];
  private readonly key = new ByteWriter(256);
  private readonly part = newSlice();
  private readonly memory = new Memory(MEMORY);

  /** @throws DataError when a field is no column */
  constructor(
    groupBy: readonly string[],
    private readonly aggregates: readonly Aggregate[],
    reader: Pick<RowReader, 'column'>,
  ) {
    this.columns = [...groupBy, ...aggregates.map(({ as }) => as)];
    this.keyColumns = groupBy.map((field) => reader.column(field));
    this.valueColumns = aggregates.map(({ field }) =>
      field === undefined ? undefined : reader.column(field),
    );
    this.values = aggregates.map(newSlice);
    // Without fields there is one group, also of no rows.
    if (groupBy.length === 0) this.open('', []);
  }

  /** @returns what is wrong with the row, which then counts nowhere */
  add(row: Row): string | undefined {
    const fault = this.faultIn(row);
    if (fault !== undefined) return fault;
    const { accumulators } = this.groupOf(row);
    for (let n = 0; n < accumulators.length; n++) {
      const column = this.valueColumns[n];
      const value = this.values[n]!;
      if (column !== undefined) row.read(column, value);
      if (column === undefined || !isEmpty(value)) accumulators[n]!.add(value);
    }
    return undefined;
  }

  /** The groups as rows, in the order in which they turned up; the row is the same object each time. */
  *rows(): Generator<Row> {
    const row = new GroupRow();
    for (const group of this.groups.values()) {
      row.values = [...group.fields, ...group.accumulators.map((accumulator) => accumulator.json())];
      yield row;
    }
  }

  private faultIn(row: Row): string | undefined {
    for (let n = 0; n < this.aggregates.length; n++) {
      const { op } = this.aggregates[n]!;
      if (op !== 'sum' && op !== 'avg') continue;
      row.read(this.valueColumns[n]!, this.part);
      const fault = faultOf(this.aggregates[n]!, this.part);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private groupOf(row: Row): Group {
    const { key, part } = this;
    key.clear();
    for (const column of this.keyColumns) {
      row.read(column, part);
      key.slice(part);
      key.byte(FIELD_END);
    }
    const name = key.buffer.toString('latin1', 0, key.length);
    return (
      this.groups.get(name) ??
      this.open(
        name,
        this.keyColumns.map((column) => row.json(column)),
      )
    );
  }

  private open(name: string, fields: readonly string[]): Group {
    if (this.groups.size >= MOST_GROUPS)
      throw new DataError(
        `There are more than ${MOST_GROUPS.toLocaleString('en')} groups: group by fewer or coarser fields, or filter more rows out`,
      );
    this.memory.take(4 * name.length, 2 + fields.length + this.aggregates.length * 2);
    const group = { fields, accumulators: this.aggregates.map((one) => newAccumulator(one, this.memory)) };
    this.groups.set(name, group);
    return group;
  }
}

class GroupRow implements Row {
  /** As JSON. */
  values: readonly string[] = [];

  json(column: number): string {
    return this.values[column]!;
  }

  read(column: number, slice: Slice): void {
    const value: unknown = JSON.parse(this.json(column));
    const text = typeof value === 'string' ? value : value === null ? '' : this.json(column);
    slice.buffer = Buffer.from(text);
    slice.start = 0;
    slice.end = slice.buffer.length;
  }
}
