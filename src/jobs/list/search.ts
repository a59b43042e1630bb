import { ValidateBy } from 'class-validator';
import { didYouMean } from '../../common/index.js';
import { declare } from '../../common/http/index.js';

/** One condition of a search; several must all hold. */
export type SearchTerm =
  /** The value at a path of the payload or the result; in quotes only a text is meant, else anything that reads so. */
  | {
      readonly in: 'payload' | 'result';
      readonly path: readonly string[];
      readonly value: string;
      readonly isQuoted: boolean;
    }
  /** The error message has this text in it, in whatever case. */
  | { readonly in: 'error'; readonly text: string };

const PLACES = ['payload', 'result', 'error'];
const MOST_TERMS = 10;
const LONGEST = 500;
const DEEPEST = 32;

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;

/** `place.path.to:value`; steps of the path and the value may stand in quotes, in which `\` takes the next character. */
const TERM = new RegExp(String.raw`([\w-]+)((?:\.(?:[\w-]+|${QUOTED}))*):(${QUOTED}|[^\s"]+)(?:\s+|$)`, 'y');
const STEP = new RegExp(String.raw`\.([\w-]+|${QUOTED})`, 'g');

/** Reads a search such as `payload.user.id:42 error:"timed out"`; of one that cannot be read, says why. */
export function parseSearch(text: string): { terms: SearchTerm[] } | { fault: string } {
  const terms: SearchTerm[] = [];
  TERM.lastIndex = text.length - text.trimStart().length;
  while (TERM.lastIndex < text.length) {
    const start = TERM.lastIndex;
    const [, place = '', path = '', value] = TERM.exec(text) ?? [];
    if (value === undefined)
      return { fault: `cannot be read from ${JSON.stringify(text.slice(start, start + 40))} on` };
    const term = toTerm(place, stepsOf(path), value);
    if ('fault' in term) return term;
    terms.push(term);
  }
  if (terms.length === 0) return { fault: 'is empty' };
  return terms.length > MOST_TERMS ? { fault: `has more than ${MOST_TERMS} terms` } : { terms };
}

function toTerm(place: string, path: string[], value: string): SearchTerm | { fault: string } {
  if (place === 'error') {
    return path.length > 0
      ? { fault: 'has a path after error, which is only a text: write error:"text"' }
      : { in: 'error', text: unquoted(value) };
  }
  if (place !== 'payload' && place !== 'result') {
    return {
      fault: `looks into "${place}", and can only look into ${PLACES.join(', ')}.${didYouMean(place, PLACES)}`,
    };
  }
  if (path.length === 0) return { fault: `has ${place} without a path: write ${place}.name:value` };
  if (path.length > DEEPEST) return { fault: `has a path of more than ${DEEPEST} steps` };
  return { in: place, path, value: unquoted(value), isQuoted: value.startsWith('"') };
}

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, step = '']) => unquoted(step));
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}

/** A search as a field. */
export function Search(field: {
  description: string;
  example?: string;
  optional?: boolean;
}): PropertyDecorator {
  const faultOf = (value: unknown) => {
    if (typeof value !== 'string') return 'must be one text';
    if (value.length > LONGEST) return `must not have more than ${LONGEST} characters`;
    if (value.includes('\0') || !value.isWellFormed()) return 'holds a character that cannot be stored';
    const parsed = parseSearch(value);
    return 'fault' in parsed ? parsed.fault : undefined;
  };
  const rule = ValidateBy({
    name: 'isSearch',
    validator: {
      validate: (value: unknown) => faultOf(value) === undefined,
      defaultMessage: (context) =>
        `$property ${faultOf(context?.value) ?? ''}; it must be terms such as payload.user.id:42 or error:"timed out"`,
    },
  });
  return declare(field, { type: 'string', maxLength: LONGEST }, rule);
}
