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

/** What other systems, or our own answers, call a field of a request. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['tz', 'timezone'],
  ['zone', 'timezone'],
  ['time_zone', 'timezone'],
  ['queue_name', 'queue'],
  ['schema', 'payload_schema'],
  ['args', 'payload'],
  ['data', 'payload'],
  ['params', 'payload'],
  ['delay', 'schedule_in'],
  ['run_at', 'scheduled_at'],
  ['retries', 'retry'],
  ['attempts', 'max_attempts'],
  ['dependencies', 'depends_on'],
  ['callback', 'callback_url'],
]);

/** The same for the name of a field, which may also be called otherwise elsewhere. */
export function meantField(name: string, known: readonly string[]): string {
  const synonym = SYNONYMS.get(name);
  const isKnown = synonym !== undefined && known.includes(synonym);
  return isKnown ? ` Did you mean "${synonym}"?` : didYouMean(name, known);
}
