import { blocksOf, isShell, textOf } from './blocks.js';

/** A document without its fenced blocks. */
export function proseOf(document: string): string {
  return textOf(document).replace(/^( *)(`{3,})[^]*?^\1\2`*$/gm, '');
}

/** What stands between backticks in the text of a document. */
export function spansOf(document: string): string[] {
  return [...proseOf(document).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
}

/** The lines that a document shows to be typed, each as one line. */
export function typedLinesOf(document: string): string[] {
  return blocksOf(document)
    .filter(isShell)
    .flatMap(({ text }) => text.replace(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, ''));
}

/** The calls of `roundhouse` in blocks and between backticks, each with the words that follow. */
export function callsOf(document: string): string[][] {
  const inBlocks = typedLinesOf(document).flatMap((line) =>
    [
      ...line.matchAll(/(?:^|\$ |npx |(?<![\w/])bin\/|\$\(|-- |&& |[|] |<\(|" |api )roundhouse ([^|;&)]*)/g),
    ].map(([, words = '']) => words),
  );
  const inSpans = spansOf(document).flatMap(
    (span) => /^(?:[A-Z_]+=\S+ )*(?:npx |bin\/|source <\()?roundhouse ([^|;&)]*)/.exec(span)?.[1] ?? [],
  );
  return [...inBlocks, ...inSpans].map((words) => words.trim().split(/\s+/));
}

/** The addresses that a document links to, but those of the world outside. */
export function linksOf(document: string): string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, address = '']) => address)
    .filter((address) => !/^[a-z]+:/.test(address));
}

/** What the headings of a document are called in addresses. */
export function anchorsOf(document: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(document).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .trim()
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}
