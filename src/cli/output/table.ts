import { plainLine } from './plain-text.js';
import { fitted, padded, widthOf } from './width.js';

/** What makes a text stand out, where colours are wanted. */
export type Style = (text: string) => string;

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null | undefined;
  /** Cut when the terminal is too narrow. */
  readonly shrinks?: boolean;
  readonly isRight?: boolean;
  readonly style?: (row: Row) => Style | undefined;
}

interface Layout {
  /** The columns of the terminal; undefined = there is no limit. */
  readonly width: number | undefined;
  /** How titles are shown. */
  readonly title?: Style | undefined;
}

const GAP = '  ';

/** No column is made narrower than this. */
const NARROWEST = 6;

/** Rows under their titles, as wide as the terminal at most. Whatever the rows hold, each stays on its line. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, title = (text) => text }: Layout,
): string {
  const cells = rows.map((row) => columns.map(({ of }) => cellOf(of(row))));
  const natural = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ''))),
  );
  const widths = width === undefined ? natural : shrunk(natural, columns, width);
  const line = (texts: readonly string[], styleAt: (at: number) => Style | undefined) =>
    texts
      .map((text, at) => {
        const room = widths[at] ?? 0;
        const isLast = at === columns.length - 1;
        const shown = fitted(text, room);
        const fill = isLast && !columns[at]?.isRight ? shown : padded(shown, room, columns[at]?.isRight);
        return styleAt(at)?.(fill) ?? fill;
      })
      .filter((_, at) => (widths[at] ?? 0) > 0)
      .join(GAP)
      .trimEnd();
  const lines = [
    line(
      columns.map((column) => column.title),
      () => title,
    ),
    ...cells.map((row, index) =>
      line(row, (at) => {
        const source = rows[index];
        return source === undefined ? undefined : columns[at]?.style?.(source);
      }),
    ),
  ];
  return lines.map((text) => `${text}\n`).join('');
}

function cellOf(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === '' ? '-' : plainLine(String(value));
}

/**
 * How wide each column is. Those that may shrink do, the widest first; where that is not enough, columns at the right are
 * left out (width 0). An id that was cut would be of no use to anybody.
 */
function shrunk(
  natural: readonly number[],
  columns: readonly { readonly shrinks?: boolean }[],
  most: number,
): number[] {
  const least = natural.map((width, at) => (columns[at]?.shrinks ? Math.min(width, NARROWEST) : width));
  let count = columns.length;
  while (count > 1 && total(least.slice(0, count)) > most) count -= 1;
  const widths = natural
    .slice(0, count)
    .map((width, at) => (columns[at]?.shrinks ? Math.min(width, most) : width));
  while (total(widths) > most) {
    const widest = [...widths.keys()]
      .filter((at) => (widths[at] ?? 0) > (least[at] ?? 0))
      .sort((one, other) => (widths[other] ?? 0) - (widths[one] ?? 0))[0];
    if (widest === undefined) return [most, ...columns.slice(1).map(() => 0)];
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return natural.map((_, at) => widths[at] ?? 0);
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}
