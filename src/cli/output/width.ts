import { eastAsianWidth } from 'get-east-asian-width';

const SIMPLE = /^[\u0020-\u007e]*$/;

/** What is drawn as a picture, by itself or because a variation selector or a keycap asks for it. */
const PICTURE = /\p{Emoji_Presentation}|\ufe0f|\u20e3/u;

/** Accents, joiners and the like stand upon what is before them. */
const WITHOUT_WIDTH = /^[\p{M}\p{Cf}\p{Cc}]+/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many columns of a terminal a line takes: an ideogram or an emoji takes two, an accent none (UAX #11 and #29). */
export function widthOf(line: string): number {
  if (SIMPLE.test(line)) return line.length;
  let width = 0;
  for (const { segment } of graphemes.segment(line)) width += widthOfOne(segment);
  return width;
}

/** The line in at most so many columns; one that was cut ends with `…`. */
export function fitted(line: string, most: number): string {
  if (widthOf(line) <= most) return line;
  if (most <= 0) return '';
  let taken = '';
  let width = 0;
  for (const { segment } of graphemes.segment(line)) {
    width += widthOfOne(segment);
    if (width > most - 1) break;
    taken += segment;
  }
  return `${taken}…`;
}

/** The line filled up with spaces to so many columns. */
export function padded(line: string, width: number, isRight = false): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(line)));
  return isRight ? spaces + line : line + spaces;
}

function widthOfOne(grapheme: string): number {
  if (PICTURE.test(grapheme)) return 2;
  const code = grapheme.replace(WITHOUT_WIDTH, '').codePointAt(0);
  return code === undefined ? 0 : eastAsianWidth(code);
}
