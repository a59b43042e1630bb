import type { Pace } from '../pace.js';
import { type Grid, MARGIN, PADDING, type Texts } from './grid.js';
import type { Typeface, Typefaces } from './typeface.js';
import { wrap } from './wrap.js';

/** Above and below the lines of a row. */
export const ROW_PADDING = 3;
/** The title and the line under it, on the first page. */
const TITLE_HEIGHT = 46;
/** "Page 1 of 2", with the room above it. */
export const FOOTER_HEIGHT = 18;

/** Fewer lines of a row that goes on overleaf are not worth beginning with. */
const FEWEST_LINES = 3;

/** A row as it stands on a page, or as much of it as the page takes. */
export interface Strip {
  readonly kind: 'header' | 'body' | 'total';
  /** The lines of each cell. */
  readonly cells: readonly (readonly string[])[];
  readonly isShaded: boolean;
  /** From the top of the page. */
  readonly top: number;
  readonly height: number;
}

export type Page = readonly Strip[];

/** Breaks the texts into lines and the rows into pages; each page begins with the header. */
export async function paginate(texts: Texts, grid: Grid, faces: Typefaces, pace: Pace): Promise<Page[]> {
  const header = linesOf(
    texts.columns.map(({ label }) => label),
    grid,
    faces.bold,
  );
  const pages = new PageFiller(grid, header);
  for (const [at, row] of texts.rows.entries()) {
    pages.add('body', linesOf(row, grid, faces.regular), at % 2 === 1);
    if (pace.isDue) await pace.rest();
  }
  for (const row of texts.totals) pages.add('total', linesOf(row, grid, faces.bold), false);
  return pages.pages;
}

function linesOf(row: readonly string[], { widths, fontSize }: Grid, { widthOf }: Typeface): string[][] {
  const measure = (text: string) => (widthOf(text) * fontSize) / 1000;
  return widths.map((width, at) => wrap(row[at] ?? '', width - 2 * PADDING, measure));
}

class PageFiller {
  readonly pages: Strip[][] = [];
  private page: Strip[] = [];
  private top = 0;
  /** Of one row that has a page for itself. */
  private linesOfPage = 0;

  constructor(
    private readonly grid: Grid,
    private readonly header: readonly (readonly string[])[],
  ) {
    this.begin(TITLE_HEIGHT);
    this.linesOfPage = this.linesLeft() + Math.floor(TITLE_HEIGHT / grid.lineHeight);
  }

  /** A row that fits on a page is kept in one piece; a higher one begins where it is and goes on overleaf. */
  add(kind: Strip['kind'], cells: readonly (readonly string[])[], isShaded: boolean): void {
    const lines = Math.max(...cells.map(({ length }) => length));
    const isTooHigh = lines > this.linesLeft();
    if (isTooHigh && (lines <= this.linesOfPage || this.linesLeft() < FEWEST_LINES) && this.page.length > 1)
      this.begin();
    let from = 0;
    while (lines - from > this.linesLeft()) {
      const to = from + Math.max(1, this.linesLeft());
      this.put(kind, slice(cells, from, to), isShaded);
      from = to;
      this.begin();
    }
    this.put(kind, slice(cells, from), isShaded);
  }

  private begin(above = 0): void {
    this.page = [];
    this.pages.push(this.page);
    this.top = MARGIN + above;
    // Of a header that would fill the page, the beginning must do.
    this.put('header', slice(this.header, 0, Math.max(1, Math.floor(this.linesLeft() / 2))), false);
  }

  private put(kind: Strip['kind'], cells: readonly (readonly string[])[], isShaded: boolean): void {
    const height = Math.max(...cells.map(({ length }) => length)) * this.grid.lineHeight + 2 * ROW_PADDING;
    this.page.push({ kind, cells, isShaded, top: this.top, height });
    this.top += height;
  }

  private linesLeft(): number {
    const bottom = this.grid.pageHeight - MARGIN - FOOTER_HEIGHT;
    return Math.floor((bottom - this.top - 2 * ROW_PADDING) / this.grid.lineHeight);
  }
}

function slice(cells: readonly (readonly string[])[], from: number, to?: number): string[][] {
  return cells.map((lines) => lines.slice(from, to));
}
