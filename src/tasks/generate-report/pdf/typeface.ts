import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font, Glyph } from 'fontkit';

const require = createRequire(import.meta.url);

/** Writing whose letters join, stack or run to the left: the font's own rules must place them. */
const NEEDS_SHAPING =
  /[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u20d0-\u20ff\ufb1d-\ufdff\ufe20-\ufe2f\ufe70-\ufefc]/;

/** Drawn for what the font lacks. It has a box of its own for that, but pdfkit writes a wrong width for it. */
const BOX = '\u25a1';

/** A font, and how wide its text runs. */
export interface Typeface {
  readonly name: string;
  /** What pdfkit draws with: it takes a font of fontkit's kind in place of a file. */
  readonly font: Buffer;
  /** In thousandths of the font size. */
  widthOf(text: string): number;
}

/** Regular and bold. */
export interface Typefaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
}

let loaded: Promise<Typefaces> | undefined;

/** DejaVu Sans Condensed: Latin, Greek, Cyrillic and much besides; what it lacks it draws as a box. Read once. */
export function typefaces(): Promise<Typefaces> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<Typefaces> {
  const [regular, bold] = await Promise.all([
    open('regular', require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
    open('bold', require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf')),
  ]);
  return { regular, bold };
}

async function open(name: string, file: string): Promise<Typeface> {
  const { create } = await import('fontkit');
  const font = create(await readFile(file)) as Font;
  const isKnown = (character: string) => font.hasGlyphForCodePoint(codePointOf(character));
  const glyphs = new Map<string, Glyph>();
  const glyphOf = (character: string) => {
    let glyph = glyphs.get(character);
    if (!glyph) {
      glyph = font.glyphForCodePoint(codePointOf(isKnown(character) ? character : BOX));
      glyphs.set(character, glyph);
    }
    return glyph;
  };
  const shape = (text: string, ...more: []) =>
    font.layout(Array.from(text, (character) => (isKnown(character) ? character : BOX)).join(''), ...more);
  // Shaping takes ten times as long as putting letter beside letter, and most reports are nothing but letters.
  const layout = (text: string, ...more: []) =>
    NEEDS_SHAPING.test(text) ? shape(text, ...more) : new PlainRun(Array.from(text, glyphOf));
  const widthOfWord = (word: string) => {
    if (NEEDS_SHAPING.test(word)) return shape(word).advanceWidth;
    let width = 0;
    for (const character of word) width += glyphOf(character).advanceWidth;
    return width;
  };
  const scale = 1000 / font.unitsPerEm;
  return {
    name,
    font: Object.create(font, { layout: { value: layout } }) as Buffer,
    widthOf: (text) => {
      if (!NEEDS_SHAPING.test(text)) return widthOfWord(text) * scale;
      // Word by word, as pdfkit draws it.
      return text.split(/(?<= )/).reduce((width, word) => width + widthOfWord(word), 0) * scale;
    },
  };
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Letter beside letter, in the shape of fontkit's runs; pdfkit scales the positions in place. */
class PlainRun {
  readonly positions: { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number }[];

  constructor(readonly glyphs: readonly Glyph[]) {
    this.positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
  }

  get advanceWidth(): number {
    return this.positions.reduce((width, { xAdvance }) => width + xAdvance, 0);
  }
}
