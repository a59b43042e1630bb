import { isDecimal, plainText } from './cells.js';
import type { Cell, Table } from './report.js';

const BATCH_CHARACTERS = 64 * 1024;
const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet may take for a formula. */
const FORMULA_STARTS = /^[=+\-@\t\r]/;
const BOM = '\uFEFF';

/** CSV by RFC 4180: commas, CRLF, UTF-8, quotes where they are needed. */
export async function* csvOf({ columns, body, totals }: Table, withBom: boolean): AsyncGenerator<Uint8Array> {
  let text = (withBom ? BOM : '') + lineOf(columns.map(({ label }) => label));
  for await (const cells of body) {
    text += lineOf(cells);
    if (text.length < BATCH_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + totals().map(lineOf).join(''));
}

function lineOf(cells: readonly Cell[]): string {
  const line = cells.map(fieldOf).join(',');
  // An empty line would be skipped by who reads it; a single empty field is meant.
  return `${line === '' ? '""' : line}\r\n`;
}

/** Text that looks like a formula is defused by an apostrophe: whoever opens the file must not run what others wrote. */
function fieldOf(cell: Cell): string {
  const plain = plainText(cell);
  const isFormula = typeof cell === 'string' && FORMULA_STARTS.test(plain) && !isDecimal(plain);
  const text = isFormula ? `'${plain}` : plain;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
