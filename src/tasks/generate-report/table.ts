import { PermanentFailure } from '../../worker/index.js';
import { cellOf, isMisfit } from './cells.js';
import type { Pace } from './pace.js';
import {
  type Cell,
  type Column,
  type ColumnRequest,
  MOST_COLUMNS,
  type Row,
  type Table,
  type Total,
} from './report.js';
import { Totals } from './totals.js';

const SAMPLE_ROWS = 200;

/** What a table is made of. */
export interface TableRequest {
  readonly title: string;
  readonly columns: readonly ColumnRequest[] | undefined;
  readonly summary: readonly Total[];
  readonly mostRows: number;
}

/** A table, and what reading it has told. */
export interface CountedTable extends Table {
  readonly counts: {
    rows: number;
    /** By field, values that are none of their column's format. */
    readonly misfits: Map<string, number>;
  };
}

/**
 * A table over rows that are read as it is read.
 * @param fields the columns when none are asked for; default: the fields of the first row
 * @throws PermanentFailure when there are no columns, or a total of none; while it is read, when there are too many rows
 */
export async function tableOf(
  rows: AsyncIterable<Row> | Iterable<Row>,
  fields: readonly string[] | undefined,
  { title, columns: requested, summary, mostRows }: TableRequest,
  pace: Pace,
): Promise<CountedTable> {
  const { head, rest } = await split(rows);
  const columns = columnsOf(requested, fields ?? Object.keys(head[0] ?? {}));
  const unknown = summary.find(({ field }) => !columns.some((column) => column.field === field));
  if (unknown)
    throw new PermanentFailure(
      `summary names "${unknown.field}", which is no column of the report: add it to columns`,
    );
  const totals = new Totals(columns, summary);
  const counts = { rows: 0, misfits: new Map<string, number>() };
  const cellsOf = (row: Row) => columns.map(({ field, format }) => cellOf(valueOf(row, field), format));

  async function* body() {
    for await (const row of joined(head, rest)) {
      counts.rows += 1;
      if (counts.rows > mostRows)
        throw new PermanentFailure(
          `The report has more than ${mostRows.toLocaleString('en-US')} rows, the most that its format takes: filter or group them first, or ask for csv`,
        );
      const cells = cellsOf(row);
      totals.add(cells);
      countMisfits(columns, cells, counts.misfits);
      yield cells;
      if (pace.isDue) await pace.rest();
    }
  }
  return { title, columns, sample: head.map(cellsOf), body: body(), totals: () => totals.rows(), counts };
}

/** The first rows, and an iterator that stands behind them. */
async function split(rows: AsyncIterable<Row> | Iterable<Row>) {
  const rest = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  const head: Row[] = [];
  while (head.length < SAMPLE_ROWS) {
    const next = await rest.next();
    if (next.done) break;
    head.push(next.value);
  }
  return { head, rest };
}

async function* joined(head: readonly Row[], rest: AsyncIterator<Row> | Iterator<Row>): AsyncGenerator<Row> {
  yield* head;
  if (head.length < SAMPLE_ROWS) return;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function columnsOf(requested: readonly ColumnRequest[] | undefined, fields: readonly string[]): Column[] {
  if (requested) return requested.map((column) => ({ ...column, label: column.label ?? column.field }));
  if (fields.length === 0)
    throw new PermanentFailure(
      'There are no rows to take the columns from: say in columns what the report shows',
    );
  if (fields.length > MOST_COLUMNS)
    throw new PermanentFailure(
      `The rows have ${fields.length} fields and a report takes ${MOST_COLUMNS}: name those it shows in columns`,
    );
  return fields.map((field) => ({ field, label: field }));
}

function valueOf(row: Row, field: string): unknown {
  return Object.hasOwn(row, field) ? row[field] : null;
}

function countMisfits(
  columns: readonly Column[],
  cells: readonly Cell[],
  misfits: Map<string, number>,
): void {
  for (const [at, { field, format }] of columns.entries()) {
    if (isMisfit(cells[at] ?? null, format)) misfits.set(field, (misfits.get(field) ?? 0) + 1);
  }
}
