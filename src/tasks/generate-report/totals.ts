import type { Cell, Column, Total, TotalOp } from './report.js';

const LABELS: Readonly<Record<TotalOp, string>> = { sum: 'Total', avg: 'Average', count: 'Count' };

/** What is known of one column. */
interface Tally {
  readonly at: number;
  numbers: number;
  values: number;
  sum: number;
  /** What the additions so far have lost (Neumaier's summation). */
  lost: number;
}

/** The figures under a table: one row for each operation that is asked for, in the order of the request. */
export class Totals {
  private readonly tallies = new Map<string, Tally>();

  constructor(
    private readonly columns: readonly Column[],
    private readonly wanted: readonly Total[],
  ) {
    for (const { field } of wanted) {
      const at = columns.findIndex((column) => column.field === field);
      this.tallies.set(field, { at, numbers: 0, values: 0, sum: 0, lost: 0 });
    }
  }

  add(cells: readonly Cell[]): void {
    for (const tally of this.tallies.values()) {
      const cell = cells[tally.at] ?? null;
      if (cell !== null) tally.values += 1;
      if (typeof cell === 'number') addNumber(tally, cell);
    }
  }

  rows(): Cell[][] {
    return [...Map.groupBy(this.wanted, ({ op }) => op)].map(([op, totals]) => {
      const row: Cell[] = this.columns.map(() => null);
      for (const { field } of totals) {
        const tally = this.tallies.get(field);
        if (tally) row[tally.at] = figureOf(tally, op);
      }
      const taken = new Set(totals.map(({ field }) => this.tallies.get(field)?.at));
      const free = this.columns.findIndex((_, at) => !taken.has(at));
      if (free >= 0) row[free] = LABELS[op];
      return row;
    });
  }
}

function addNumber(tally: Tally, value: number): void {
  const sum = tally.sum + value;
  tally.lost += Math.abs(tally.sum) >= Math.abs(value) ? tally.sum - sum + value : value - sum + tally.sum;
  tally.sum = sum;
  tally.numbers += 1;
}

/** To 15 digits, which is what a double knows for sure: 0.1 + 0.2 is 0.3. */
function figureOf({ numbers, values, sum, lost }: Tally, op: TotalOp): Cell {
  if (op === 'count') return values;
  if (op === 'avg' && numbers === 0) return null;
  const exact = sum + lost;
  return Number((op === 'avg' ? exact / numbers : exact).toPrecision(15));
}
