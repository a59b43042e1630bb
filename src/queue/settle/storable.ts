import { isDeeperThan, storableText } from '../../common/index.js';
import { storableError } from './storable-error.js';

/** Larger results are cut to a preview … */
const LARGEST_RESULT_BYTES = 256 * 1024;
const PREVIEW_CHARACTERS = 1_000;

/** … and so are deeper ones, long before PostgreSQL or whoever reads them runs out of stack. */
const DEEPEST_RESULT = 500;

/** What PostgreSQL cannot store in JSON: NUL and lone surrogates, as JSON.stringify escapes them. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

const isStorable = (text: string) => !UNSTORABLE.test(text);

/** JSON text that PostgreSQL takes; characters it cannot store are replaced, nothing else is changed. */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isStorable(text) ? text : JSON.stringify(clean(JSON.parse(text)));
}

/**
 * A handler's result as it is kept, as JSON text; null when there is none. Whatever it returned, its attempt stays a
 * success. Read once: a getter may throw the second time, and the handler may go on changing what it has returned.
 */
export function storableResult(result: unknown): string | null {
  try {
    // What has no JSON, such as a function, has no text either, whatever the type says.
    const text = JSON.stringify(result) as string | undefined;
    if (text === undefined || text === 'null') return null;
    if (!isTooLarge(text) && !isTooDeep(text))
      return isStorable(text) ? text : toStorableJson(JSON.parse(text));
    const preview = storableText(text.slice(0, PREVIEW_CHARACTERS));
    return JSON.stringify({ truncated: true, bytes: Buffer.byteLength(text), preview });
  } catch (error) {
    return JSON.stringify({ unserializable: true, reason: storableError(error).message });
  }
}

/** No character takes more than three bytes in UTF-8 for each unit of UTF-16. */
function isTooLarge(text: string): boolean {
  return 3 * text.length > LARGEST_RESULT_BYTES && Buffer.byteLength(text) > LARGEST_RESULT_BYTES;
}

/** Each level takes two characters at least, so that most results need not be looked at. */
function isTooDeep(text: string): boolean {
  return text.length > 2 * DEEPEST_RESULT && isDeeperThan(text, DEEPEST_RESULT);
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), clean(inner)]));
  }
  return value;
}
