/** How wide a text runs, in whatever unit. */
export type Measure = (text: string) => number;

/** Where a line may end: after spaces, and inside of long names and addresses after a hyphen, slash or underscore. */
const BREAKS = /(?<=\s)(?=\S)|(?<=[^\s\-/_][-/_])(?=\p{L})/u;

/**
 * Breaks a text into lines no wider than `width`, between words where it can and inside them where it must. Every
 * line takes at least one character, however narrow the column.
 */
export function wrap(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    if (measure(paragraph) <= width) lines.push(paragraph);
    else wrapParagraph(paragraph, width, measure, lines);
  }
  return lines;
}

/** The parts of a text that are broken only where there is no room for them. */
export function unbreakable(text: string): string[] {
  return text.split(BREAKS).map((piece) => piece.trim());
}

function wrapParagraph(paragraph: string, width: number, measure: Measure, lines: string[]): void {
  let line = '';
  let used = 0;
  const end = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const piece of paragraph.trim().split(BREAKS)) {
    const needed = measure(piece.trimEnd());
    if (line !== '' && used + needed > width) end();
    if (needed <= width) {
      line += piece;
      used += measure(piece);
      continue;
    }
    for (const character of piece) {
      const step = measure(character);
      if (line !== '' && used + step > width) end();
      line += character;
      used += step;
    }
  }
  if (line !== '') end();
}
