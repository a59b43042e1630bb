import type { CellStyle } from 'hucre/xlsx';
import { printedText } from './cells.js';
import type { Cell, Column, Table, ValueFormat } from './report.js';

/** Excel's limit for the text of a cell. */
const LONGEST_TEXT = 32_767;
const LONGEST_SHEET_NAME = 31;
/** In characters of the default font. */
const NARROWEST = 8;
const WIDEST = 60;
/** Excel's calendar has a day too many before it. */
const FIRST_DATE = Date.UTC(1900, 2, 1);

const NUMBER_FORMATS: Readonly<Record<ValueFormat, string>> = {
  text: '@',
  integer: '#,##0',
  decimal: '#,##0.00',
  percent: '0.0%',
  date: 'yyyy-mm-dd',
};

/** An Excel workbook of one sheet: the header bold and frozen, numbers and dates as such. Streamed. */
export async function* xlsxOf(table: Table): AsyncGenerator<Uint8Array> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  // The writer asks for a column's style anew for each row, right after it was pulled.
  let kind: keyof ReturnType<typeof stylesOf> = 'header';
  async function* rows() {
    yield table.columns.map(({ label }) => textCell(label));
    kind = 'body';
    for await (const cells of table.body) yield cells.map(cellFor);
    kind = 'total';
    for (const cells of table.totals()) yield cells.map(cellFor);
  }
  const columns = table.columns.map((column, at) => {
    const styles = stylesOf(column);
    return {
      width: widthOf(column, at, table),
      get style() {
        return styles[kind];
      },
    };
  });
  yield* writeXlsxStream(rows(), {
    name: sheetName(table.title),
    columns,
    freezePane: { rows: 1 },
  }) as AsyncIterable<Uint8Array>;
}

function stylesOf({ align, format }: Column) {
  const plain: CellStyle = align ? { alignment: { horizontal: align } } : {};
  const header: CellStyle = { ...plain, font: { bold: true } };
  const numFmt = format && NUMBER_FORMATS[format];
  return numFmt
    ? { header, body: { ...plain, numFmt }, total: { ...header, numFmt } }
    : { header, body: plain, total: header };
}

function widthOf({ label, format }: Column, at: number, { sample }: Table): number {
  const lengths = sample.map((cells) => printedText(cells[at] ?? null, format).length);
  // Bold takes more room, and so do the margins of a cell.
  const wanted = Math.max(label.length * 1.1, ...lengths) + 2;
  return Math.min(Math.max(Math.ceil(wanted), NARROWEST), WIDEST);
}

function cellFor(cell: Cell): Cell {
  if (typeof cell === 'string') return textCell(cell);
  return cell instanceof Date && cell.getTime() < FIRST_DATE ? printedText(cell) : cell;
}

/** "_x0041_" means "A" to Excel, unless its underscore is written in the same way. */
function textCell(text: string): string {
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1).toWellFormed()}…` : text;
  return cut.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[\uFFFE\uFFFF]/g, '\uFFFD');
}

/** What Excel takes as the name of a sheet. */
function sheetName(title: string): string {
  const allowed = title
    .replace(/[[\]:*?/\\]|\p{Cc}/gu, ' ')
    .slice(0, LONGEST_SHEET_NAME)
    .toWellFormed()
    .replace(/^[\s']+|[\s']+$/g, '');
  return allowed === '' || allowed.toLowerCase() === 'history' ? 'Report' : allowed;
}
