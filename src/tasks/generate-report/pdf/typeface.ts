import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font, Glyph } from 'fontkit';

const require = createRequire(import.meta.url);

/** Writing whose letters join, stack or run to the left: the font's own rules must place them. */
const NEEDS_SHAPING =
  /[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u20d0-\u20ff\ufb1d-\ufdff\ufe20-\ufe2f\ufe70-\ufefc]/;

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
  const glyphs = new Map<string, Glyph>();
  const glyphOf = (character: string) => {
    let glyph = glyphs.get(character);
    if (!glyph) {
      glyph = font.glyphForCodePoint(character.codePointAt(0) ?? 0);
      glyphs.set(character, glyph);
    }
    return glyph;
  };
  // Shaping takes ten times as long as putting letter beside letter, and most reports are nothing but letters.
  const layout = (text: string, ...more: []) =>
    NEEDS_SHAPING.test(text) ? font.layout(text, ...more) : new PlainRun(Array.from(text, glyphOf));
  const scale = 1000 / font.unitsPerEm;
  return {
    name,
    font: Object.create(font, { layout: { value: layout } }) as Buffer,
    widthOf: (text) => {
      if (NEEDS_SHAPING.test(text)) return font.layout(text).advanceWidth * scale;
      let width = 0;
      for (const character of text) width += glyphOf(character).advanceWidth;
      return width * scale;
    },
  };
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
