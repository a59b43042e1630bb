import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant, or undefined when none is near (more than a third differs). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  const tolerance = Math.max(2, Math.floor(candidate.length / 3));
  return distance(word, candidate) <= tolerance ? candidate : undefined;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess ? ` Did you mean "${guess}"?` : '';
}
