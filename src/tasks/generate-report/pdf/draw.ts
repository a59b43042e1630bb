import type { Alignment, Column } from '../report.js';
import type { Pace } from '../pace.js';
import { FOOTER_HEIGHT, type Page, ROW_PADDING, type Strip } from './pages.js';
import { type Grid, MARGIN, PADDING } from './grid.js';
import type { Typeface, Typefaces } from './typeface.js';

const INK = '#1c2733';
const FAINT = '#6b7785';
const DARK = '#24405e';
const SHADE = '#f4f6f9';
const TOTAL_SHADE = '#e6ebf2';
const RULE = '#d5dce4';
const TITLE_SIZE = 16;
const SMALL_SIZE = 7.5;

/** A report that is ready to be drawn. */
export interface Drawing {
  readonly title: string;
  /** The line under the title. */
  readonly subtitle: string;
  readonly columns: readonly Pick<Column, 'align'>[];
  readonly grid: Grid;
  readonly pages: readonly Page[];
}

type Document = PDFKit.PDFDocument;

/** Draws page after page and hands out the file as it grows. */
export async function* draw(drawing: Drawing, faces: Typefaces, pace: Pace): AsyncGenerator<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const { pageWidth, pageHeight } = drawing.grid;
  const document = new PDFDocument({
    size: [pageWidth, pageHeight],
    margin: 0,
    autoFirstPage: false,
    fontLayoutCache: false,
    // None but ours: its own default would be read first.
    font: '',
    pdfVersion: '1.7',
    displayTitle: true,
    info: { Title: drawing.title, Creator: 'Roundhouse', Producer: 'Roundhouse' },
  });
  for (const [at, page] of drawing.pages.entries()) {
    document.addPage();
    new PageDrawing(document, drawing, faces).draw(page, at + 1);
    yield* written(document);
    if (pace.isDue) await pace.rest();
  }
  document.end();
  yield* written(document);
}

function* written(document: Document): Generator<Uint8Array> {
  const chunk = document.read() as Buffer | null;
  if (chunk) yield chunk;
}

class PageDrawing {
  /** Between the margins. */
  private readonly width: number;
  private readonly tableWidth: number;

  constructor(
    private readonly document: Document,
    private readonly drawing: Drawing,
    private readonly faces: Typefaces,
  ) {
    this.width = drawing.grid.pageWidth - 2 * MARGIN;
    this.tableWidth = drawing.grid.widths.reduce((sum, width) => sum + width, 0);
  }

  draw(page: Page, number: number): void {
    if (number === 1) this.title();
    for (const strip of page) this.strip(strip);
    const last = page.at(-1);
    if (last) this.rule(last.top + last.height, RULE);
    this.footer(number);
  }

  private title(): void {
    const { title, subtitle } = this.drawing;
    const line = this.fitted(title, this.faces.bold, TITLE_SIZE);
    this.text(line, this.faces.bold, TITLE_SIZE, DARK, MARGIN, MARGIN);
    this.text(subtitle, this.faces.regular, SMALL_SIZE, FAINT, MARGIN, MARGIN + 24);
  }

  private footer(number: number): void {
    const top = this.drawing.grid.pageHeight - MARGIN - FOOTER_HEIGHT + 8;
    const page = `Page ${number} of ${this.drawing.pages.length}`;
    const left = MARGIN + this.width - this.widthOf(page, this.faces.regular, SMALL_SIZE);
    this.text(page, this.faces.regular, SMALL_SIZE, FAINT, left, top);
    if (number === 1) return;
    const title = this.fitted(this.drawing.title, this.faces.regular, SMALL_SIZE, left - MARGIN - 12);
    this.text(title, this.faces.regular, SMALL_SIZE, FAINT, MARGIN, top);
  }

  private strip({ kind, cells, isShaded, top, height }: Strip): void {
    const { document } = this;
    const fill = kind === 'header' ? DARK : kind === 'total' ? TOTAL_SHADE : isShaded ? SHADE : undefined;
    if (fill) document.rect(MARGIN, top, this.tableWidth, height).fill(fill);
    if (kind === 'total') this.rule(top, DARK);
    const face = kind === 'body' ? this.faces.regular : this.faces.bold;
    const ink = kind === 'header' ? '#ffffff' : INK;
    const { widths, fontSize, lineHeight } = this.drawing.grid;
    let left = MARGIN;
    for (const [at, lines] of cells.entries()) {
      const width = widths[at] ?? 0;
      for (const [number, line] of lines.entries()) {
        if (line === '') continue;
        const indent = indentOf(this.drawing.columns[at]?.align, width, this.widthOf(line, face, fontSize));
        const y = top + ROW_PADDING + number * lineHeight;
        this.text(line, face, fontSize, ink, left + indent, y);
      }
      left += width;
    }
  }

  private rule(y: number, color: string): void {
    this.document
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + this.tableWidth, y)
      .lineWidth(0.5)
      .stroke(color);
  }

  private text(text: string, face: Typeface, size: number, color: string, left: number, top: number): void {
    this.document
      .font(face.font, face.name, size)
      .fillColor(color)
      .text(text, left, top, { lineBreak: false });
  }

  private widthOf(text: string, { widthOf }: Typeface, size: number): number {
    return (widthOf(text) * size) / 1000;
  }

  /** Cut to one line. */
  private fitted(text: string, face: Typeface, size: number, width = this.width): string {
    if (this.widthOf(text, face, size) <= width) return text;
    const characters = Array.from(text);
    while (characters.length > 0 && this.widthOf(`${characters.join('')}…`, face, size) > width)
      characters.pop();
    return `${characters.join('').trimEnd()}…`;
  }
}

function indentOf(align: Alignment | undefined, width: number, used: number): number {
  if (align === 'right') return width - PADDING - used;
  return align === 'center' ? (width - used) / 2 : PADDING;
}
