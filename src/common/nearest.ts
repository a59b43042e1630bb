import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that was probably meant, or undefined when none is near (more than a third differs). Words whose length
 * alone says that they are not are never compared: a stranger's word may be a million characters long.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const candidates = known.filter((one) => Math.abs(one.length - word.length) <= toleranceOf(one));
  if (candidates.length === 0) return undefined;
  const candidate = closest(word, candidates);
  return distance(word, candidate) <= toleranceOf(candidate) ? candidate : undefined;
}

function toleranceOf({ length }: string): number {
  return Math.max(2, Math.floor(length / 3));
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess ? ` Did you mean "${guess}"?` : '';
}
