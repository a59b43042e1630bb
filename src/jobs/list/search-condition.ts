import type { Parameters } from './parameters.js';
import type { SearchTerm } from './search.js';

/** Numbers that compare as numbers, so that 42 finds 42.0; longer ones compare as they are written. */
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/;
const WORDS = ['true', 'false', 'null'];

/** A term as a condition on `job`. */
export function searchCondition(term: SearchTerm, parameters: Parameters): string {
  if (term.in === 'error') return `strpos(lower(job.error_message), lower(${parameters.add(term.text)})) > 0`;
  const at = `job.${term.in} #> ${parameters.add(term.path)}::text[]`;
  const text = parameters.add(term.value);
  if (term.isQuoted) return `(${at}) = to_jsonb(${text}::text)`;
  const isJson = NUMBER.test(term.value) || WORDS.includes(term.value);
  const asText = `(${at.replace('#>', '#>>')}) = ${text}`;
  return isJson ? `(${asText} OR (${at}) = ${parameters.add(term.value)}::jsonb)` : asText;
}
