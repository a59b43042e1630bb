import { types } from 'node:util';
import type { JobError } from '../job-error.js';

/** Larger results are cut to a preview. */
const LARGEST_RESULT_BYTES = 256 * 1024;
const PREVIEW_CHARACTERS = 1_000;
const LARGEST_NAME = 200;
const LARGEST_MESSAGE = 4 * 1024;
const LARGEST_STACK = 12 * 1024;

/** What PostgreSQL cannot store in JSON: NUL and lone surrogates, as JSON.stringify escapes them. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

const isStorable = (text: string) => !UNSTORABLE.test(text);

/** JSON text that PostgreSQL takes; characters it cannot store are replaced, nothing else is changed. */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isStorable(text) ? text : JSON.stringify(clean(JSON.parse(text)));
}

/** A handler's result as it is kept: whatever it returned, its attempt stays a success. */
export function storableResult(result: unknown): unknown {
  try {
    // What has no JSON, such as a function, has no text either, whatever the type says.
    const text = JSON.stringify(result) as string | undefined;
    if (text === undefined) return null;
    const bytes = Buffer.byteLength(text);
    if (bytes > LARGEST_RESULT_BYTES)
      return { truncated: true, bytes, preview: text.slice(0, PREVIEW_CHARACTERS) };
    return isStorable(text) ? result : clean(JSON.parse(text));
  } catch (error) {
    return { unserializable: true, reason: storableError(error).message };
  }
}

/** What is kept of anything that was thrown: name, message and stack, never its other properties. */
export function storableError(thrown: unknown): JobError {
  try {
    return isError(thrown) ? fromError(thrown) : nonError(describe(thrown));
  } catch {
    return nonError('one that cannot be read');
  }
}

/** Also one of another realm, such as a sandbox. */
function isError(thrown: unknown): thrown is Error {
  // Error.isError is what is recommended, and not yet in TypeScript's library.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return thrown instanceof Error || types.isNativeError(thrown);
}

function fromError({ name, message, stack }: Error): JobError {
  return {
    name: cut(String(name), LARGEST_NAME),
    message: cut(String(message) || String(name), LARGEST_MESSAGE),
    ...(typeof stack === 'string' ? { stack: cut(stack, LARGEST_STACK) } : {}),
  };
}

function nonError(what: string): JobError {
  return { name: 'NonError', message: `The handler threw a value that is not an error: ${what}` };
}

/** Of an object no more than its message and the names of its members: a failed request carries its headers along. */
function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return cut(String(value), LARGEST_NAME);
  if ('message' in value && typeof value.message === 'string') return cut(value.message, LARGEST_MESSAGE);
  return cut(`an object with ${Object.keys(value).join(', ') || 'no members'}`, LARGEST_NAME);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
  }
  return value;
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
