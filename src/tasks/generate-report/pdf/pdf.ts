import { PermanentFailure } from '../../../worker/index.js';
import { printedText } from '../cells.js';
import type { Pace } from '../pace.js';
import type { Cell, Column, Rendered, Table } from '../report.js';
import { draw } from './draw.js';
import { type Paper, type Texts, layOut } from './grid.js';
import { paginate } from './pages.js';
import { typefaces } from './typeface.js';

/** On a page on its side more columns are too narrow to be read. */
const MOST_PDF_COLUMNS = 30;
/** All texts of a report are held to choose the widths and to count the pages. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_PAGES = 5_000;

/**
 * A PDF: a table with its header on every page, page numbers, shaded rows. The widths depend on all rows, and the
 * number of pages on all widths, so everything is read before the first page is drawn.
 * @throws PermanentFailure past 30 columns, 16 Mi characters or 5,000 pages
 */
export async function pdfOf(table: Table, paper: Paper, now: Date, pace: Pace): Promise<Rendered> {
  const { columns, title } = table;
  if (columns.length > MOST_PDF_COLUMNS)
    throw new PermanentFailure(
      `A PDF shows ${MOST_PDF_COLUMNS} columns at most and this report has ${columns.length}: name fewer in columns, or ask for csv or xlsx`,
    );
  const [faces, { texts, alignments }] = await Promise.all([typefaces(), read(table)]);
  const grid = await layOut(texts, faces, paper, pace);
  const pages = await paginate(texts, grid, faces, pace);
  if (pages.length > MOST_PAGES)
    throw new PermanentFailure(
      `The report has ${pages.length} pages, and a PDF takes ${MOST_PAGES}: name fewer columns, or ask for csv or xlsx`,
    );
  const count = texts.rows.length.toLocaleString('en-US');
  const subtitle = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC  ·  ${count} ${texts.rows.length === 1 ? 'row' : 'rows'}`;
  const drawing = { title: printable(title), subtitle, columns: alignments, grid, pages };
  return { content: draw(drawing, faces, pace), pages: pages.length };
}

async function read({ columns, body, totals }: Table) {
  const rows: string[][] = [];
  const kinds = columns.map(() => ({ hasNumbers: false, hasOthers: false }));
  let characters = 0;
  for await (const cells of body) {
    for (const [at, kind] of kinds.entries()) note(kind, cells[at] ?? null);
    const row = textsOf(cells, columns);
    characters += row.reduce((sum, { length }) => sum + length, 0);
    if (characters > MOST_CHARACTERS)
      throw new PermanentFailure(
        `The texts of the report have more than ${MOST_CHARACTERS} characters, too many for a PDF: name fewer columns, or ask for csv or xlsx`,
      );
    rows.push(row);
  }
  const labelled = columns.map((column) => ({ ...column, label: printable(column.label) }));
  const texts: Texts = {
    columns: labelled,
    rows,
    totals: totals().map((cells) => textsOf(cells, columns)),
  };
  return { texts, alignments: columns.map((column, at) => ({ align: alignmentOf(column, kinds[at]) })) };
}

function note(kind: { hasNumbers: boolean; hasOthers: boolean }, cell: Cell): void {
  if (typeof cell === 'number') kind.hasNumbers = true;
  else if (cell !== null) kind.hasOthers = true;
}

function alignmentOf({ align, format }: Column, kind?: { hasNumbers: boolean; hasOthers: boolean }) {
  if (align) return align;
  const isNumeric =
    format === undefined ? kind?.hasNumbers && !kind.hasOthers : format !== 'text' && format !== 'date';
  return isNumeric ? 'right' : 'left';
}

function textsOf(cells: readonly Cell[], columns: readonly Column[]): string[] {
  return columns.map(({ format }, at) => printable(printedText(cells[at] ?? null, format)));
}

/** In one form of each letter, without what has no shape of its own. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/[^\P{C}\n]/gu, '');
}
