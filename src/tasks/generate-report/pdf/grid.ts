import type { Column } from '../report.js';
import type { Pace } from '../pace.js';
import type { Typeface, Typefaces } from './typeface.js';
import { unbreakable } from './wrap.js';

export interface Paper {
  readonly size: 'a4' | 'letter';
  readonly orientation: 'auto' | 'portrait' | 'landscape';
}

/** In points of 1/72 inch, upright. */
const PAPERS: Readonly<Record<Paper['size'], readonly [number, number]>> = {
  a4: [595.28, 841.89],
  letter: [612, 792],
};

export const MARGIN = 40;
/** To the left and the right of a text. */
export const PADDING = 5;
const SMALLEST_SIZE = 5.5;
/** Columns up to which a size of text is used. */
const SIZES = [
  { columns: 8, size: 8.5 },
  { columns: 12, size: 7.5 },
  { columns: 18, size: 6.5 },
];
/** More columns stand better on a page on its side. */
const MOST_UPRIGHT = 8;
/** A word that wants more is broken. */
const WIDEST_WORD_SHARE = 0.25;

/** A narrow table is not drawn out so far that the eye loses the line. */
const MOST_SLACK = 60;

/** Where everything stands on a page, in points. */
export interface Grid {
  readonly pageWidth: number;
  readonly pageHeight: number;
  readonly fontSize: number;
  readonly lineHeight: number;
  /** One for each column, padding included; together at most the width between the margins. */
  readonly widths: readonly number[];
}

/** What is printed in the cells. */
export interface Texts {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly (readonly string[])[];
}

/** What a column would like. */
interface Wish {
  /** The width at which no word of it is broken. */
  least: number;
  /** The width at which no line of it is. */
  natural: number;
}

/** Chooses the side of the paper, the size of the text and the widths of the columns. */
export async function layOut(texts: Texts, faces: Typefaces, paper: Paper, pace: Pace): Promise<Grid> {
  const count = texts.columns.length;
  const fontSize = SIZES.find(({ columns }) => count <= columns)?.size ?? SMALLEST_SIZE;
  const [short, long] = PAPERS[paper.size];
  const wishes = await wishesOf(texts, faces, fontSize, pace);
  const upright = short - 2 * MARGIN;
  const least = sum(wishes.map((wish) => Math.min(wish.least, upright * WIDEST_WORD_SHARE)));
  const isWide = count > MOST_UPRIGHT || least > upright;
  const isOnSide = paper.orientation === 'landscape' || (paper.orientation === 'auto' && isWide);
  const [pageWidth, pageHeight] = isOnSide ? [long, short] : [short, long];
  return {
    pageWidth,
    pageHeight,
    fontSize,
    lineHeight: fontSize * 1.3,
    widths: widthsOf(wishes, pageWidth - 2 * MARGIN),
  };
}

async function wishesOf(texts: Texts, faces: Typefaces, fontSize: number, pace: Pace): Promise<Wish[]> {
  const wishes = texts.columns.map(() => ({ least: 0, natural: 0 }));
  const take = (row: readonly string[], face: Typeface) => {
    for (const [at, wish] of wishes.entries()) widen(wish, row[at] ?? '', face);
  };
  take(
    texts.columns.map(({ label }) => label),
    faces.bold,
  );
  for (const row of texts.totals) take(row, faces.bold);
  for (const row of texts.rows) {
    take(row, faces.regular);
    if (pace.isDue) await pace.rest();
  }
  // A hair more than measured, so that rounding breaks nothing.
  const points = (thousandths: number) => (thousandths * fontSize) / 1000 + 2 * PADDING + 0.1;
  return wishes.map(({ least, natural }) => ({ least: points(least), natural: points(natural) }));
}

function widen(wish: Wish, text: string, { widthOf }: Typeface): void {
  const natural = Math.max(...text.split('\n').map(widthOf));
  // A text that is shorter than the longest word so far has none that is longer.
  if (natural > wish.least) wish.least = Math.max(wish.least, ...unbreakable(text).map(widthOf));
  wish.natural = Math.max(wish.natural, natural);
}

/**
 * Each column has its longest word. What is left goes in equal parts to those that lack more, and none gets more than
 * it lacks: short texts stay on one line, and the longest ones share the rest.
 */
function widthsOf(wishes: readonly Wish[], width: number): number[] {
  const widths = wishes.map(({ least }) => Math.min(least, width * WIDEST_WORD_SHARE));
  let left = width - sum(widths);
  if (left <= 0) return scaled(widths, width);
  const lacks = wishes.map(({ natural }, at) => ({ at, lack: Math.max(0, natural - (widths[at] ?? 0)) }));
  lacks.sort((a, b) => a.lack - b.lack);
  for (const [taken, { at, lack }] of lacks.entries()) {
    const share = Math.min(lack, left / (lacks.length - taken));
    widths[at] = (widths[at] ?? 0) + share;
    left -= share;
  }
  const slack = Math.min(left / widths.length, MOST_SLACK);
  return widths.map((each) => each + slack);
}

function scaled(widths: readonly number[], to: number): number[] {
  const factor = to / sum(widths);
  return widths.map((width) => width * factor);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
